"""Has packages named grader, pytest and httpx, which only the examiner would import.

Holds: as the reference
Beside: the reference
"""

