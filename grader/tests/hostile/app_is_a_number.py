"""Has an application that cannot be called.

Holds: problem no_app
"""

app = 42
api = 'x'
