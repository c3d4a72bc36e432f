"""A Django page that refuses what reAPI would refuse, next to the right field, and shows the price as it is filled in.

Run it with ``python docs/examples/django_app.py runserver``.
"""

import json
import sys
from pathlib import Path

import django
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.static import serve

from reapi_rules.forms import by_field
from reapi_rules.forms.choices import choices
from reapi_rules.forms.django import judge, labels_of
from reapi_rules.web.module import module_files

HERE = Path(__file__).parent

if not settings.configured:
    settings.configure(
        SECRET_KEY="only for this example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.locale.LocaleMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
            }
        ],
    )
    django.setup()

MODEL = "gpt-image-2-official"
CHOICES = next(model for model in choices()["models"] if model["id"] == MODEL)
FIELDS = CHOICES["fields"]
MODULE = module_files()


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
    campaign = forms.CharField(label="Campaign", help_text="For your own books; reAPI never sees it.", required=False)

    def clean(self) -> None:
        self.report = judge(self, default_model=MODEL)


def page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, PictureForm())
    form = PictureForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=400)
    body = json.dumps(form.report.payload(), ensure_ascii=False, indent=2)  # what you now send to reAPI
    warnings = by_field(form.report.warnings, request.LANGUAGE_CODE, labels=labels_of(form)).to_dict()
    return show(request, form, report=form.report, warnings=warnings, body=body)


def show(request: HttpRequest, form: PictureForm, status: int = 200, **found: object) -> HttpResponse:
    wrong = [name for name in form.errors if name in form.fields] if form.is_bound else []
    for name in wrong[:1]:
        form.fields[name].widget.attrs["autofocus"] = True
    live = {"model": MODEL, "sizes_at": CHOICES["sizes_at"], "reset": CHOICES["reset"]}
    return render(request, "django_page.html", {"form": form, "live": live, **found}, status=status)


def module(request: HttpRequest, name: str) -> HttpResponse:
    """The engine for the page: a file of the JavaScript module."""
    if name not in MODULE:
        raise Http404
    return HttpResponse(MODULE[name], content_type="text/javascript")


class OrderForm(forms.Form):
    text = forms.CharField(label="Describe your picture", required=False)
    how_many = forms.CharField(label="How many", required=False)

    def clean(self) -> None:
        self.report = judge(self, names={"text": "prompt", "how_many": "n"}, default_model="gpt-image-2-official")


OrderFormSet = forms.formset_factory(OrderForm, extra=0)


def orders(request: HttpRequest) -> JsonResponse:
    """A formset: each form is one request."""
    formset = OrderFormSet(request.POST)
    if not formset.is_valid():
        return JsonResponse({"errors": formset.errors}, status=400)
    return JsonResponse({"requests": [form.report.payload() for form in formset]})


urlpatterns = [
    path("", page),
    path("orders", orders),
    path("reapi-rules/<str:name>", module),
    path("static/<path:path>", serve, {"document_root": HERE / "static"}),
]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
