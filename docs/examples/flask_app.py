"""A Flask page with a WTForms form that refuses what reAPI would refuse, next to the right field, and shows the price.

Run it with ``flask --app docs/examples/flask_app.py run``.  With htmx the answer replaces the form without a new page.
"""

from flask import Flask, Response, abort, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import NumberInput

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


def select(name: str) -> SelectField:
    """A drop-down that leaves it to reapi_rules which values are allowed."""
    field = FIELDS[name]
    options = [SelectChoice(option["value"], option["label"]["en"]) for option in field["options"]]
    return SelectField(field["label"]["en"], choices=options, default=field["default"], validate_choice=False)


class PictureForm(Form):
    """The fields of a request, all of them optional to WTForms: one place decides what is missing or wrong."""

    prompt = TextAreaField("Prompt")
    resolution = select("resolution")
    size = select("size")
    quality = select("quality")
    n = StringField("Number of images", default="1", widget=NumberInput(min=1, max=4))
    image_urls = TextAreaField("Reference images", description="One URL a line.")
    mask_url = StringField("Mask")
    campaign = StringField("Campaign", description="For your own books; reAPI never sees it.")


@app.get("/")
def blank_form() -> str:
    return show(PictureForm())


@app.post("/")
def check_form() -> tuple[str, int]:
    form, language = PictureForm(request.form), language_of(request.headers.get("Accept-Language", ""))
    report = preflight_form(request.form, default_model=MODEL, own=("campaign",))
    form.validate()
    add_errors(form, report.errors, language=language)
    if form.errors:
        return show(form), 400
    warnings = by_field(report.warnings, language, labels=labels_of(form)).to_dict()
    return show(form, report=report, warnings=warnings, body=report.payload()), 200  # send it now


def show(form: PictureForm, **found: object) -> str:
    live = {"model": MODEL, "sizes_at": CHOICES["sizes_at"], "reset": CHOICES["reset"]}
    return render_template("flask_page.html", form=form, live=live, **found)


@app.get("/reapi-rules/<name>")
def module(name: str) -> Response:
    """The engine for the page: a file of the JavaScript module."""
    if name not in MODULE:
        abort(404)
    return Response(MODULE[name], mimetype="text/javascript")


@app.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    return "The form is too large.", 400
