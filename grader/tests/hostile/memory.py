"""Takes memory until there is none, while it is imported.

Holds: problem import_error
Needs: walls
"""

hoard = []
while True:
    hoard.append(bytes(1 << 29))
