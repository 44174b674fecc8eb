"""Grades a class: a folder of submissions in, a table, CSV, JSON and HTML out.

submissions   what is handed in: folders, archives, files; which exercise lies where
archives      zip files, unpacked safely
grading       one student's submission graded (in a worker process)
pool          worker processes, so that nobody's submission stops another's
records       what a run keeps of each student, so that it can go on where it was stopped
overview      the class: scores, and the mistakes that are common
tables        the overview as text, CSV and JSON
page          the overview as HTML
command       the command line
"""
