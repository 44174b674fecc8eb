"""Deletes its own folder while it runs.

Holds: fails AC1
Beside: the reference
"""

import os
import shutil

from fastapi import FastAPI

shutil.rmtree(os.getcwd(), ignore_errors=True)
