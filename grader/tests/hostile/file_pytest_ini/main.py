"""Brings pytest.ini, setup.cfg and tox.ini along, to be read by the examiner.

Holds: as the reference
Beside: the reference
"""

