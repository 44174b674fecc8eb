"""Opens files until it cannot.

Holds: problem import_error
"""

hoard = []
while True:
    hoard.append(open('/dev/null'))
