"""Burns the processor while it is imported.

Holds: problem start_timeout
Limits: start 3
"""

while True:
    pass
