"""A FastAPI back end: a form with live credits, its errors as 422, and a JSON endpoint that answers as reAPI would.

Run it with ``uvicorn --app-dir docs/examples fastapi_app:app`` and open http://localhost:8000/.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reapi_rules import Report, preflight
from reapi_rules.catalog.messages import language_of
from reapi_rules.forms import by_field, preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.fastapi import JudgedBody, envelope_response, raise_for_errors
from reapi_rules.web.module import module_files

HERE = Path(__file__).parent
CHOICES = choices()
MODULE = module_files()
MOST_BYTES = 256 * 1024  # a prompt of 4,000 characters and 16 URLs are far less


class BodyLimit:
    """Answers 413 to a larger body, before all of it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []
        size, more = 0, scope["type"] == "http"
        while more and size <= MOST_BYTES:
            messages.append(message := await receive())
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        if size > MOST_BYTES:
            await JSONResponse({"detail": "The request is too large."}, status_code=413)(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self.app(scope, replay, send)


app = FastAPI()
app.add_middleware(BodyLimit)
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


@app.get("/")
def page() -> FileResponse:
    return FileResponse(HERE / "static" / "picture.html")


@app.get("/choices.json")
def all_choices() -> dict[str, Any]:
    return CHOICES


@app.get("/reapi-rules/{name}")
def module(name: str) -> Response:
    """The engine for the page: a file of the JavaScript module."""
    if name not in MODULE:
        raise HTTPException(404)
    return Response(MODULE[name], media_type="text/javascript")


@app.post("/pictures")
async def check_form(request: Request) -> dict[str, Any]:
    """A form, as the page sends it; FastAPI's own 422 with an entry for every error."""
    language = language_of(request.headers.get("Accept-Language", ""))
    async with request.form() as form:
        report = preflight_form(form)
    raise_for_errors(report, language)
    return {**accepted(report), "warnings": by_field(report.warnings, language).to_dict()}


@app.post("/requests")
def check_request(report: JudgedBody) -> dict[str, Any]:
    """A JSON body: FastAPI's own 422 where reAPI would refuse, and the request in /openapi.json."""
    return accepted(report)


@app.post("/api/v1/images/generations", response_model=None)
async def check_json(request: Request) -> Response | dict[str, Any]:
    """A JSON body, checked as reAPI would, and answered with reAPI's own 400."""
    report = preflight(await request.body())
    return envelope_response(report) or accepted(report)


def accepted(report: Report) -> dict[str, Any]:
    """What is known of a faultless request; its payload is what you now send to reAPI."""
    report_as_json = report.to_dict()
    return {
        "payload": report.payload(),
        "quote": report_as_json["quote"],
        "dimensions": report_as_json["dimensions"],
        "warnings": report_as_json["warnings"],
    }
