"""A FastAPI back end: a form with live credits, its errors as 422, and a JSON endpoint that answers as reAPI would.

Run it with ``uvicorn --app-dir docs/examples fastapi_app:app`` and open http://localhost:8000/.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles

from reapi_rules import Report, preflight
from reapi_rules.catalog.messages import language_of
from reapi_rules.forms import preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.fastapi import envelope_response, raise_for_errors
from reapi_rules.web.module import module_files

HERE = Path(__file__).parent
CHOICES = choices()
MODULE = module_files()

app = FastAPI()
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
    async with request.form() as form:
        report = preflight_form(form)
    raise_for_errors(report, language_of(request.headers.get("Accept-Language", "")))
    return accepted(report)


@app.post("/api/v1/images/generations", response_model=None)
async def check_json(request: Request) -> Response | dict[str, Any]:
    """A JSON body, as reAPI takes it; its own 400 where it would refuse."""
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
