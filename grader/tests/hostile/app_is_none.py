"""Has an application that is None.

Holds: problem no_app
"""

app = None
