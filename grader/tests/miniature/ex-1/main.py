"""A stub."""

from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/double")
def double() -> None:
    raise HTTPException(501, "TODO")
