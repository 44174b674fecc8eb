"""The miniature's reference."""

from typing import Dict

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Question(BaseModel):
    number: int


@app.post("/double")
def double(question: Question) -> Dict[str, int]:
    return {"result": 2 * question.number}


@app.get("/hello")
def hello() -> Dict[str, str]:
    return {"hello": "world"}
