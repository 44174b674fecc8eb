"""Brings a requirements.txt whose lines make their reader fail.

Holds: as the reference
Beside: the reference
"""
