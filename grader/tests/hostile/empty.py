"""Is empty.

Holds: problem no_app
"""

