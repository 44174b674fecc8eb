"""Has a function that makes the application, and no application.

Holds: score 0
"""

from fastapi import FastAPI


def app():
    return FastAPI()
