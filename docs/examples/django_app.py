"""A Django page that refuses what reAPI would refuse, next to the right field.

Run it with ``python docs/examples/django_app.py runserver``.
"""

import json
import sys
from pathlib import Path

import django
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from reapi_rules.forms import preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.django import add_errors

if not settings.configured:
    settings.configure(
        SECRET_KEY="only for this example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.locale.LocaleMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
            }
        ],
    )
    django.setup()

MODEL = "gpt-image-2-official"
FIELDS = next(model for model in choices()["models"] if model["id"] == MODEL)["fields"]


def select(name: str) -> forms.CharField:
    """A drop-down; a CharField, since it is reapi_rules that says which values are allowed."""
    field = FIELDS[name]
    options = [(option["value"], option["label"]["en"]) for option in field["options"]]
    return forms.CharField(
        label=field["label"]["en"], required=False, initial=field["default"], widget=forms.Select(choices=options)
    )


class PictureForm(forms.Form):
    """The fields of a request, all of them optional to Django: one place decides what is missing or wrong."""

    prompt = forms.CharField(label="Prompt", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    resolution = select("resolution")
    size = select("size")
    quality = select("quality")
    n = forms.CharField(
        label="Number of images", required=False, initial=1, widget=forms.NumberInput(attrs={"min": 1, "max": 4})
    )
    image_urls = forms.CharField(
        label="Reference images", help_text="One URL a line.", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    mask_url = forms.CharField(label="Mask", required=False)

    def clean(self) -> None:
        self.report = preflight_form(self.data, default_model=MODEL)
        add_errors(self, self.report.errors)


def page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "django_page.html", {"form": PictureForm()})
    form = PictureForm(request.POST)
    if not form.is_valid():
        return render(request, "django_page.html", {"form": form}, status=400)
    body = json.dumps(form.report.payload(), ensure_ascii=False, indent=2)  # what you now send to reAPI
    return render(request, "django_page.html", {"form": form, "report": form.report, "body": body})


urlpatterns = [path("", page)]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
