from enum import Enum

from fastapi import BackgroundTasks, Depends, FastAPI, File, Form, Header, HTTPException, Query, UploadFile
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field

app = FastAPI()


class Kind(str, Enum):
    rock = "rock"
    ice = "ice"


class Moon(BaseModel):
    name: str = Field(max_length=10)
    kilometres: int = 1
    kind: Kind = Kind.rock


@app.get("/")
async def front():
    return {"hello": "FastAPI"}


@app.post("/moons")
async def add(moon: Moon, tasks: BackgroundTasks):
    tasks.add_task(len, moon.name)
    return moon


@app.get("/search")
def search(q: str = Query(min_length=2), limit: int = 3, agent: str = Header("none")):
    return [q, limit, agent]


@app.post("/form")
async def form(name: str = Form(), age: int = Form(1)):
    return {"name": name, "age": age}


@app.post("/upload")
async def upload(file: UploadFile = File()):
    return {"name": file.filename, "size": len(await file.read())}


@app.get("/basic")
def basic(user: HTTPBasicCredentials = Depends(HTTPBasic())):
    return user.username


@app.get("/page")
def page():
    from fastapi.templating import Jinja2Templates
    from starlette.requests import Request

    scope = {"type": "http", "path": "/page", "headers": [], "query_string": b"", "server": ("a", 1), "root_path": ""}
    return Jinja2Templates("/app/templates").TemplateResponse("t.html", {"request": Request(scope), "names": ["b", "a"]})


@app.get("/stream")
def stream():
    return StreamingResponse((str(n) for n in range(5)), media_type="text/plain")


@app.get("/zone")
def zone():
    from datetime import datetime, timezone
    from zoneinfo import ZoneInfo

    return datetime(2024, 1, 1, tzinfo=timezone.utc).astimezone(ZoneInfo("Pacific/Auckland"))


@app.get("/away")
def away():
    return RedirectResponse("/")


@app.get("/decimal")
def decimal():
    from decimal import Decimal
    from fractions import Fraction
    from uuid import UUID

    return [Decimal("0.1") + 1, str(Fraction(1, 3)), UUID(int=5)]


@app.get("/teapot")
def teapot():
    raise HTTPException(418, "short and stout")


@app.get("/boom")
def boom():
    raise KeyError("boom")


@app.get("/process")
async def process():
    import asyncio

    async def one():
        await asyncio.sleep(0)
        return 1

    return sum(await asyncio.gather(one(), one()))


@app.on_event("startup")
def mount():
    from fastapi.staticfiles import StaticFiles

    app.mount("/static", StaticFiles(directory="/app/static"))
