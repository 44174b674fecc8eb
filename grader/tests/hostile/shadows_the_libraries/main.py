"""Has a package fastapi of its own, which answers as the ticket asks nowhere.

Holds: score 0
"""

from fastapi import FastAPI

app = FastAPI()
