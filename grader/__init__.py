"""The workbook's autograder: ``python -m grader ex-1``."""
