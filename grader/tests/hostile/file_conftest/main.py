"""Brings conftest.py along, to be read by the examiner.

Holds: as the reference
Beside: the reference
"""

