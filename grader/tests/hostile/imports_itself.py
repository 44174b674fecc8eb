"""Imports itself under another name, and again.

Holds: score 0
"""

import importlib

importlib.import_module('main').app
