"""A Flask page with a WTForms form that refuses what reAPI would refuse, next to the right field, and shows the price.

Run it with ``flask --app docs/examples/flask_app.py run``.  With htmx the answer replaces the form without a new page.
"""

import json
from pathlib import Path

from flask import Flask, Response, abort, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import NumberInput

from reapi_rules import Quote
from reapi_rules.catalog.messages import language_of
from reapi_rules.forms import by_field, preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.flask import read_as_utf8
from reapi_rules.forms.wtforms import add_errors, labels_of
from reapi_rules.web.module import module_files

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 256 * 1024  # a prompt of 4,000 characters and 16 URLs are far less
read_as_utf8(app)

MODEL = "gpt-image-2-official"
CHOICES = next(model for model in choices()["models"] if model["id"] == MODEL)
FIELDS = CHOICES["fields"]
MODULE = module_files()
TEXTS = json.loads((Path(__file__).parent / "static" / "texts.json").read_bytes())


def language() -> str:
    """The language of this request, of those that we speak."""
    return language_of(request.headers.get("Accept-Language", ""))


def select(name: str) -> SelectField:
    """A drop-down that leaves it to reapi_rules which values are allowed."""
    return SelectField(choices=[], default=FIELDS[name]["default"], validate_choice=False)


class PictureForm(Form):
    """The fields of a request, all of them optional to WTForms: one place decides what is missing or wrong."""

    prompt = TextAreaField()
    resolution = select("resolution")
    size = select("size")
    quality = select("quality")
    n = StringField(default="1", widget=NumberInput(min=1, max=4))
    image_urls = TextAreaField()
    mask_url = StringField()
    campaign = StringField()


def picture_form() -> PictureForm:
    """The form as it was sent, or a blank one, in the visitor's language."""
    form, spoken, texts = PictureForm(request.form), language(), TEXTS[language()]
    for field in form:
        known = FIELDS.get(field.name, {})
        field.label.text = known["label"][spoken] if known else texts[field.name]
        if isinstance(field, SelectField):
            field.choices = [SelectChoice(option["value"], option["label"][spoken]) for option in known["options"]]
    form.image_urls.description, form.campaign.description = texts["urls"], texts["own"]
    return form


@app.get("/")
def blank_form() -> str:
    return show(picture_form())


@app.post("/")
def check_form() -> tuple[str, int]:
    form = picture_form()
    report = preflight_form(request.form, default_model=MODEL, own=("campaign",))
    form.validate()
    add_errors(form, report.errors, language=language())
    if form.errors:
        return show(form), 400
    warnings = by_field(report.warnings, language(), labels=labels_of(form)).to_dict()
    body = report.payload()  # send it now
    return show(form, report=report, warnings=warnings, body=body, cost=cost_of(report.quote)), 200


def cost_of(quote: Quote) -> str:
    return str(TEXTS[language()]["cost"][quote.basis]).format(least=quote.credits_low, credits=quote.credits)


def show(form: PictureForm, **found: object) -> str:
    texts = TEXTS[language()]
    live = {"model": MODEL, "sizes_at": CHOICES["sizes_at"], "reset": CHOICES["reset"], "texts": texts}
    return render_template("flask_page.html", form=form, live=live, language=language(), texts=texts, **found)


@app.get("/reapi-rules/<name>")
def module(name: str) -> Response:
    """The engine for the page: a file of the JavaScript module."""
    if name not in MODULE:
        abort(404)
    return Response(MODULE[name], mimetype="text/javascript")


@app.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    return "The form is too large.", 400
