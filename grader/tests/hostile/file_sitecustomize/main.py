"""Brings sitecustomize.py and usercustomize.py along, to be read by the examiner.

Holds: as the reference
Beside: the reference
"""

