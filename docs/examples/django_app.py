"""A Django page that refuses what reAPI would refuse, next to the right field, and shows the price as it is filled in.

Run it with ``python docs/examples/django_app.py runserver``.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.views.static import serve

from reapi_rules import Quote
from reapi_rules.catalog.messages import language_of
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
TEXTS = json.loads((HERE / "static" / "texts.json").read_bytes())


def language() -> str:
    """The language of this request, of those that we speak."""
    return language_of(get_language() or "en")


class PictureForm(forms.Form):
    """The fields of a request, all of them optional to Django: one place decides what is missing or wrong."""

    prompt = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    resolution = forms.CharField(required=False, widget=forms.Select)  # no ChoiceField: reapi_rules knows the words
    size = forms.CharField(required=False, widget=forms.Select)
    quality = forms.CharField(required=False, widget=forms.Select)
    n = forms.CharField(required=False, widget=forms.NumberInput(attrs={"min": 1, "max": 4}))
    image_urls = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    mask_url = forms.CharField(required=False)
    campaign = forms.CharField(required=False)

    def clean(self) -> None:
        self.report = judge(self, default_model=MODEL)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        spoken, texts = language(), TEXTS[language()]
        for name, field in self.fields.items():
            known = FIELDS.get(name, {})
            field.label = known["label"][spoken] if known else texts[name]
            field.initial = known.get("default") or ""
            if isinstance(field.widget, forms.Select):
                field.widget.choices = [(option["value"], option["label"][spoken]) for option in known["options"]]
        self.fields["image_urls"].help_text = texts["urls"]
        self.fields["campaign"].help_text = texts["own"]


def page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, PictureForm())
    form = PictureForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=400)
    body = json.dumps(form.report.payload(), ensure_ascii=False, indent=2)  # what you now send to reAPI
    warnings = by_field(form.report.warnings, language(), labels=labels_of(form)).to_dict()
    return show(request, form, report=form.report, warnings=warnings, body=body, cost=cost_of(form.report.quote))


def cost_of(quote: Quote) -> str:
    return str(TEXTS[language()]["cost"][quote.basis]).format(least=quote.credits_low, credits=quote.credits)


def show(request: HttpRequest, form: PictureForm, status: int = 200, **found: object) -> HttpResponse:
    wrong = [name for name in form.errors if name in form.fields] if form.is_bound else []
    for name in wrong[:1]:
        form.fields[name].widget.attrs["autofocus"] = True
    texts = TEXTS[language()]
    live = {"model": MODEL, "sizes_at": CHOICES["sizes_at"], "reset": CHOICES["reset"], "texts": texts}
    page = {"form": form, "live": live, "language": language(), "texts": texts, **found}
    return render(request, "django_page.html", page, status=status)


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
