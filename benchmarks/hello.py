"""The least web application there is: the limit of starting."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def hello() -> str:
    return "hello"
