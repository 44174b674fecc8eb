"""Writes one file larger than a file may be.

Holds: score 0
"""

with open('large', 'wb') as file:
    file.truncate(1 << 34)
    file.seek(1 << 33)
    file.write(b'x')
