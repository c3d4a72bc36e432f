"""A Flask page with a WTForms form that refuses what reAPI would refuse, next to the right field.

Run it with ``flask --app docs/examples/flask_app.py run``.
"""

from flask import Flask, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from reapi_rules.catalog.messages import language_of
from reapi_rules.forms import preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.wtforms import add_errors

app = Flask(__name__)

MODEL = "gpt-image-2-official"
FIELDS = next(model for model in choices()["models"] if model["id"] == MODEL)["fields"]


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
    n = StringField("Number of images", default="1")
    image_urls = TextAreaField("Reference images", description="One URL a line.")
    mask_url = StringField("Mask")


@app.get("/")
def blank_form() -> str:
    return render_template("flask_page.html", form=PictureForm())


@app.post("/")
def check_form() -> tuple[str, int]:
    form = PictureForm(request.form)
    report = preflight_form(request.form, default_model=MODEL)
    form.validate()
    add_errors(form, report.errors, language=language_of(request.headers.get("Accept-Language", "")))
    if form.errors:
        return render_template("flask_page.html", form=form), 400
    return render_template("flask_page.html", form=form, report=report, body=report.payload()), 200  # send it now


@app.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    return "The form is too large.", 400
