"""Has modules json, time and asyncio of its own.

Holds: as the reference
Beside: the reference
"""

