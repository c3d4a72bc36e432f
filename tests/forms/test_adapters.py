"""The adapters on forms of their frameworks: prefixes, formsets, other names, labels, and fields of the form's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reapi_rules import InvalidRequestError, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.engine import stand_in
from reapi_rules.forms import by_field, preflight_form, quote_form
from reapi_rules.forms.mapping import line
from tests.support.examples import DATA, IMAGE, MODEL, example, need
from tests.support.schema_tools import ROOT, third_catalog
from tests.support.strategies import combinations
from tests.support.vector_cases import CASES, report_of

OWN = {"campaign": "spring", "terms": "on", "next": "/thanks", "utm_source": "mail"}


class TestOtherNames:
    NAMES = {"text": "prompt", "how_many": "n", "pictures": "image_urls"}

    @pytest.mark.parametrize("prefix", (None, "", "order-", "form-10-"))  # Django's forms without one have None
    def test_are_read_as_the_requests(self, prefix: str | None) -> None:
        form = {"text": "a fox", "how_many": "2", "pictures[0]": IMAGE, "pictures[1]": IMAGE, "size": "1:1"}
        sent = {f"{prefix or ''}{name}": value for name, value in form.items()}
        report = preflight_form(sent, prefix=prefix, names=self.NAMES, default_model=MODEL)
        assert report.payload() == {"model": MODEL, "prompt": "a fox", "size": "1:1", "n": 2, "image_urls": [IMAGE] * 2}
        assert {warning.rule for warning in report.warnings} == {"quality.auto_bills_high"}

    def test_a_field_of_the_form_may_have_the_name_of_a_renamed_one(self) -> None:
        form = {"text": "a fox", "prompt": "yes, ask me first", "how_many": "1", "n": "9"}
        report = preflight_form(form, names=self.NAMES, default_model=MODEL)
        assert report.payload() == {"model": MODEL, "prompt": "a fox", "n": 1}

    def test_other_prefixes_are_not_looked_at(self) -> None:
        form = {"a-prompt": "one", "b-prompt": "two", "prompt": "three", "a-n": "2", "aa-n": "9", "a-": "x"}
        report = preflight_form(form, prefix="a-", default_model=MODEL, unknown_fields="ignore")
        assert report.payload() == {"model": MODEL, "prompt": "one", "n": 2}

    @pytest.mark.parametrize(
        "prefix", ("", "order", "p", "o-", "o_", "o;", "o:", "o/", "o.", "-p", "a--", "order[", "表单")
    )
    def test_a_prefix_is_what_wtforms_makes_of_it(self, prefix: str) -> None:
        need("wtforms", "werkzeug")
        from werkzeug.datastructures import MultiDict
        from wtforms import Form, StringField

        class Order(Form):
            prompt = StringField()
            size = StringField()
            quality = StringField()

        values = {"prompt": "a fox", "size": "1:1", "quality": "low"}
        sent = MultiDict({field.name: values[name] for name, field in Order(prefix=prefix)._fields.items()})
        if prefix:
            sent.update({"prompt": "another form's", f"x{prefix}-prompt": "a third one's"})
        report = preflight_form(sent, prefix=prefix, default_model=MODEL)
        assert (report.payload(), report.warnings) == ({"model": MODEL, **values}, ())
        assert quote_form(sent, prefix=prefix, default_model=MODEL).credits == 5

    def test_own_fields_are_in_no_request(self) -> None:
        form = [("prompt", "a fox"), *OWN.items(), ("pages[]", "1"), ("pages[]", "2")]
        own = (*OWN, "pages")
        assert preflight_form(form, default_model=MODEL, own=own, unknown_fields="error").ok
        assert not preflight_form(form, default_model=MODEL, unknown_fields="error").ok

    def test_errors_go_by_the_forms_names(self) -> None:
        report = preflight_form({"how_many": "9"}, names=self.NAMES, default_model=MODEL)
        found = by_field(report.errors, names=self.NAMES, labels={"n": "How many"})
        assert found.fields == {"text": ["Prompt is required"], "how_many": ["How many must be between 1 and 4"]}


class TestWordsForVisitors:
    def test_own_fields_are_never_shown(self) -> None:
        report = preflight_form({"prompt": "a fox", "quality": "low", **OWN}, default_model=MODEL)
        assert [warning.field for warning in report.warnings] == [*OWN]  # for the developer
        for language in ("en", "zh"):
            assert by_field(report.warnings, language, hints=True).to_dict() == {}
        many = preflight_form({"prompt": "a fox", **{f"own{at}": "x" for at in range(40)}}, default_model=MODEL)
        assert [*by_field(many.warnings).to_dict()] == ["quality"]

    def test_a_field_of_another_model_is_shown(self) -> None:
        report = preflight_form({"model": "flux-2", "prompt": "a fox", "quality": "low", **OWN})
        (message,) = by_field(report.warnings).form
        assert message == 'unknown field "Quality": this model is not known to have it'

    @pytest.mark.parametrize("language", ("en", "zh"))
    def test_no_name_of_a_field_is_left(self, language: str) -> None:
        """Errors, warnings and hints call a field by its label, whatever the label is."""
        names = {name for model in built_in().models.values() for name in model.fields}
        labels = {name: f"⟨{at}⟩" for at, name in enumerate(sorted(names))}
        seen = set()
        for case in CASES:
            report = report_of(case)
            for finding in (*report.errors, *report.warnings):
                if finding.field not in names or (finding.rule, finding.message) in seen:
                    continue
                seen.add((finding.rule, finding.message))
                said = line(finding, language, hints=True, labels=labels)
                related = {pointer.removeprefix("/") for pointer in finding.related}
                for name in {finding.field, *related}:
                    bare = said.replace(f"the {name}", "").replace(str(finding.value), "")
                    assert not {f" {name} ", f"{name} "} & {f" {word} " for word in bare.split()}, said
                    if "_" in name:
                        assert name not in bare
                if finding.rule.endswith((".type", ".range", ".required", ".unknown", ".max_length")):
                    assert labels[finding.field] in said, said
        assert len(seen) > 150

    def test_a_label_is_taken_as_it_is(self) -> None:
        report = preflight({"model": MODEL, "prompt": "a fox", "n": "{value}", "resolution": "4k", "size": "1:1"})
        labels = {"n": "Number {minimum} \\1", "size": "n", "resolution": "size"}
        size, n = report.errors
        assert line(n, labels=labels, hints=True) == (
            "Number {minimum} \\1 must be an integer; send a whole number, or leave Number {minimum} \\1 out"
        )
        assert line(size, labels=labels).startswith("4K requires an explicit n in {16:9")
        assert line(size, labels=labels).endswith("(see also: size)")

    def test_our_own_labels_follow_the_language(self) -> None:
        error = preflight({"model": MODEL, "prompt": "a fox", "n": 9}).errors[0]
        assert line(error, "zh", labels={"n": "Number of images"}) == "图片数量必须在 1 到 4 之间"
        assert line(error, "zh", labels={"n": "张数"}) == "张数必须在 1 到 4 之间"
        assert line(error, "en", labels={"n": "图片数量"}) == "Number of images must be between 1 and 4"


class TestQuoteForm:
    @pytest.mark.parametrize(
        ("form", "credits"),
        (
            ({"n": "1"}, 169),
            ({"n": " 2 ", "size": "16:9", "resolution": "2K", "quality": "high"}, 759),
            ({"prompt": "", "quality": "low", "size": ""}, 5),
            ({"prompt": "x" * 5_000, "mask_url": "data:,", "background": "?", "size": "16:9", "quality": "low"}, 7),
            ({"model": "gpt-image-2", "resolution": "4k", "size": "16:9", "quality": "low", "n": ""}, 80),
            ({"model": "flux-2", "aspect_ratio": "auto"}, 28),
            ({"campaign": "x", "terms": object()}, 169),
        ),
    )
    def test_prices_what_is_filled_in(self, form: dict[str, Any], credits: int) -> None:
        found = quote_form({**form}, default_model=MODEL)
        assert (found.credits, found.basis) == (credits, "exact")

    @pytest.mark.parametrize("prompt", ("", "a fox"))
    def test_is_the_quote_of_the_whole_form(self, prompt: str) -> None:
        for form in (
            {"resolution": "4k", "size": "9:21", "n": "3"},
            {"image_urls": IMAGE},
            {"size": "1000x700"},
            {"image_urls": IMAGE, "mask_url": IMAGE, "size": "1:1"},
        ):
            whole = preflight_form({**form, "prompt": "a fox"}, default_model=MODEL)
            assert quote_form({**form, "prompt": prompt}, default_model=MODEL) == whole.quote

    @pytest.mark.parametrize("pictures", (IMAGE, "no URL", "[", object(), [IMAGE] * 20, "\0"))
    def test_pictures_that_are_there_make_the_price_whatever_they_are(self, pictures: Any) -> None:
        found = quote_form({"n": "1", "image_urls": pictures}, default_model=MODEL)
        assert (found.basis, found.reason) == ("bounded", "size_mirrors_reference")

    def test_is_the_quote_of_every_accepted_combination(self) -> None:
        catalog, tried = built_in(), 0
        for name, choice in combinations(catalog):
            whole = preflight({**stand_in(catalog.models[name]), **choice})
            if whole.ok:
                form = {key: str(value) for key, value in choice.items()}
                assert quote_form({"model": name, "prompt": "", **form}) == whole.quote, (name, choice)
                tried += 1
        assert tried > 600

    @pytest.mark.parametrize("id", built_in().models)
    def test_pictures_change_the_price_as_in_the_engine(self, id: str) -> None:
        body = stand_in(built_in().models[id], has_images=True)
        form = {name: value for name, value in body.items() if name != "prompt"}
        assert quote_form(form) == preflight(body).quote

    @pytest.mark.parametrize(
        ("form", "rules"),
        (
            ({"n": "x"}, ["n.type"]),
            ({"n": ["1", "2"]}, ["form.repeated"]),
            ({"n": "5", "prompt": "x" * 5_000}, ["n.range"]),
            ({"resolution": "4k"}, ["size.needs_widescreen"]),
            ({"quality": object()}, ["form.file"]),
            ({"model": "nobody"}, ["model.unknown"]),
            (None, ["body.object"]),
            ({f"f{at}": "" for at in range(2_000)}, ["form.too_many_fields"]),
        ),
    )
    def test_says_what_is_wrong_with_the_axes(self, form: Any, rules: list[str]) -> None:
        with pytest.raises(InvalidRequestError) as raised:
            quote_form(form, default_model=MODEL)
        assert [error.rule for error in raised.value.report.errors] == rules

    def test_without_rules_has_no_price(self) -> None:
        found = quote_form({"model": "midjourney", "n": "1"})
        assert (found.credits, found.reason) == (None, "no_rules")
        with pytest.raises(InvalidRequestError):
            quote_form({"n": "1"})

    def test_reads_with_a_prefix_and_other_names(self) -> None:
        form = {"a-count": "2", "a-size": "16:9", "a-quality": "high", "a-resolution": "2k", "n": "4"}
        assert quote_form(form, prefix="a-", names={"count": "n"}, default_model=MODEL).credits == 759


@pytest.fixture
def django_forms() -> Any:
    need("django")
    return example("django_app")


@pytest.fixture
def rest(django_forms: Any) -> Any:
    need("rest_framework")
    return example("rest_framework_app")


class TestDjangoForms:
    def test_a_prefix(self, django_forms: Any) -> None:
        form = django_forms.OrderForm({"order-text": "a fox", "order-how_many": "9", "text": ""}, prefix="order")
        assert [*form.errors] == ["how_many"]
        assert form.errors["how_many"][0].startswith(
            "How many must be between 1 and 4; split it into 3 requests: 4 + 4 + 1"
        )
        assert form.has_error("how_many", "n.range")
        form = django_forms.OrderForm({"order-text": "a fox", "order-how_many": "2"}, prefix="order")
        assert form.is_valid()
        assert form.report.payload() == {"model": MODEL, "prompt": "a fox", "n": 2}

    def test_a_formset(self, django_forms: Any) -> None:
        sent = {"form-TOTAL_FORMS": "12", "form-INITIAL_FORMS": "12"}
        for at in range(12):
            sent |= {f"form-{at}-text": f"fox {at}", f"form-{at}-how_many": "9" if at in (1, 10) else "2"}
        formset = django_forms.OrderFormSet(sent)
        assert not formset.is_valid()
        assert [at for at, errors in enumerate(formset.errors) if errors] == [1, 10]
        assert formset.forms[11].report.payload() == {"model": MODEL, "prompt": "fox 11", "n": 2}

    @pytest.mark.parametrize("is_set", (False, True))
    def test_labels_and_fields_of_its_own(self, django_forms: Any, is_set: bool) -> None:
        from django import forms
        from django.utils.translation import gettext_lazy

        from reapi_rules.forms.django import judge, labels_of

        class Own(forms.Form):
            campaign = forms.CharField(required=False)
            terms = forms.BooleanField(required=False)
            prompt = forms.CharField(required=False)
            n = forms.CharField(required=False, label=gettext_lazy("Copies") if is_set else None)

            def clean(self) -> None:
                self.report = judge(self, default_model=MODEL, hints=False, unknown_fields="error")

        form = Own({"prompt": "a fox", "n": "7", "campaign": "x", "terms": "on"})
        label = "Copies" if is_set else "Number of images"
        assert form.errors == {"n": [f"{label} must be between 1 and 4"]}
        assert labels_of(form) == ({"n": "Copies"} if is_set else {})

    def test_a_field_without_a_label_is_called_what_the_form_shows(self, django_forms: Any) -> None:
        from django import forms

        from reapi_rules.forms.django import judge, labels_of

        names = {"pics": "image_urls", "how_many": "n"}

        class Own(forms.Form):
            prompt = forms.CharField(required=False)
            pics = forms.CharField(required=False)
            how_many = forms.CharField(required=False)

            def clean(self) -> None:
                judge(self, names=names, default_model=MODEL, hints=False)

        form = Own({"prompt": "a fox", "pics": "\n".join([IMAGE] * 17), "how_many": "9"})
        assert [form[name].label for name in names] == ["Pics", "How many"]
        assert form.errors == {
            "pics": ["Pics accepts at most 16 entries"],
            "how_many": ["How many must be between 1 and 4"],
        }
        assert labels_of(form, names) == {"image_urls": "Pics", "n": "How many"}
        assert Own({"prompt": "a fox", "campaign": "x", "terms": "on"}).is_valid()

    def test_names_that_the_form_gives_in_the_page(self, django_forms: Any) -> None:
        """``add_prefix`` is where a form says what a field is called in the page."""
        from django import forms

        from reapi_rules.forms.django import judge

        class Own(forms.Form):
            prompt = forms.CharField(required=False)
            n = forms.CharField(required=False)
            image_urls = forms.CharField(required=False)

            def add_prefix(self, field_name: str) -> str:
                return {"prompt": "p", "n": "x.count"}.get(field_name, f"x.{field_name}")

            def clean(self) -> None:
                self.report = judge(self, default_model=MODEL)

        form = Own({"p": "a fox", "x.count": "2", "x.image_urls[0]": IMAGE, "x.size": "1:1", "x.n": "9", "n": "9"})
        assert form.is_valid(), form.errors
        assert form.report.payload() == {
            "model": MODEL, "prompt": "a fox", "size": "1:1", "n": 2, "image_urls": [IMAGE]
        }  # fmt: skip

    def test_a_field_with_several_inputs_is_the_forms_own(self, django_forms: Any) -> None:
        from django import forms

        from reapi_rules.forms.django import judge

        class Own(forms.Form):
            prompt = forms.CharField()
            due = forms.SplitDateTimeField()

            def clean(self) -> None:
                self.report = judge(self, default_model=MODEL, unknown_fields="error")

        form = Own({"prompt": "a fox", "due_0": "2026-12-01", "due_1": "10:00"})
        assert form.is_valid(), form.errors
        assert form.report.payload() == {"model": MODEL, "prompt": "a fox"}

    def test_a_disabled_field_holds_what_it_holds(self, django_forms: Any) -> None:
        from django import forms

        from reapi_rules.forms.django import judge

        class Own(forms.Form):
            prompt = forms.CharField(required=False)
            n = forms.CharField(required=False, disabled=True, initial=3)
            quality = forms.CharField(required=False, disabled=True)

            def clean(self) -> None:
                self.report = judge(self, default_model=MODEL)

        form = Own({"prompt": "a fox", "n": "1", "quality": "low"})
        assert form.is_valid()
        assert form.report.payload() == {"model": MODEL, "prompt": "a fox", "n": 3}

    def test_the_options_are_those_of_preflight(self, django_forms: Any, tmp_path: Any) -> None:
        from django import forms

        from reapi_rules.forms.django import judge

        catalog = third_catalog(tmp_path)

        class Own(forms.Form):
            prompt = forms.CharField(required=False)
            strength = forms.CharField(required=False)

            def clean(self) -> None:
                options: Any = {"catalog": catalog, "default_model": "third", "unknown_fields": "error"}
                self.report = judge(self, language="zh", **options)

        form = Own({"prompt": "a fox", "strength": "0.5"})
        assert form.is_valid()
        assert (form.report.payload() or {})["strength"] == 0.5  # a field of a model of the caller's own
        assert Own({"prompt": "", "strength": "x"}).errors["prompt"][0].startswith("必须填写提示词")

    def test_warnings_may_be_shown_as_errors(self, django_forms: Any) -> None:
        from reapi_rules.forms.django import add_errors

        form = django_forms.PictureForm({"prompt": "a fox", "terms": "on", "next": "/"})
        assert form.is_valid()
        add_errors(form, form.report.warnings)
        assert [*form.errors] == ["quality"]

    def test_a_file_where_text_is_wanted(self, django_forms: Any) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        files = {"image_urls": SimpleUploadedFile("a.png", b"x")}
        form = example("django_app").PictureForm({"prompt": "a fox"}, files)
        assert form.errors["image_urls"][0].startswith("image 1: Reference images must be text, not a file")

    def test_the_language_may_be_given(self, django_forms: Any) -> None:
        from django.utils.translation import override

        from reapi_rules.forms.django import add_errors

        report = preflight_form({"prompt": "a fox", "n": "9"}, default_model=MODEL)
        for language, active, message in (
            ("zh", "en", "图片数量必须在 1 到 4 之间"),
            (None, "zh-hans", "图片数量必须在 1 到 4 之间"),
            (None, "de", "Number of images must be between 1 and 4"),
        ):
            form = example("django_app").PictureForm({"prompt": "a fox"})
            assert form.is_valid()
            with override(active):
                add_errors(form, report.errors, language=language, hints=False)
            assert form.errors == {"n": [message]}


class TestRestFramework:
    def serializer(self, rest: Any, data: Any, **named: Any) -> Any:
        return rest.PictureSerializer(data=data, **named)

    def test_what_is_accepted(self, rest: Any) -> None:
        serializer = self.serializer(rest, {"prompt": "a fox", "n": 2.0, "campaign": "spring", "seed": None})
        assert serializer.is_valid()
        assert serializer.validated_data == {"campaign": "spring", "model": MODEL, "prompt": "a fox", "n": 2}
        assert serializer.report.quote.credits == 338
        assert [each.field for each in serializer.report.warnings if each.rule == "field.unknown"] == ["seed"]

    def test_errors_by_field(self, rest: Any) -> None:
        serializer = self.serializer(rest, {"prompt": "", "n": 9, "image_urls": [IMAGE, DATA], "campaign": {}})
        assert not serializer.is_valid()
        assert {name: [error.code for error in errors] for name, errors in serializer.errors.items()} == {
            "campaign": ["invalid"],
            "prompt": ["prompt.required"],
            "n": ["n.range"],
            "image_urls": ["image_urls.data_uri"],
        }
        assert serializer.errors["n"][0].startswith("Number of images must be between 1 and 4; split it")
        assert serializer.errors["image_urls"][0].startswith("image 2: ")

    def test_a_form(self, rest: Any) -> None:
        from django.http import QueryDict

        data = QueryDict("prompt=a+fox&n=2&image_urls=https://a.example/1&image_urls=https://a.example/2&campaign=x")
        serializer = self.serializer(rest, data)
        assert serializer.is_valid(), serializer.errors
        assert len(serializer.validated_data["image_urls"]) == serializer.validated_data["n"] == 2

    @pytest.mark.parametrize("data", ([], "text", 5, {"prompt": "a fox", "model": "nobody"}))
    def test_what_is_no_request(self, rest: Any, data: Any) -> None:
        serializer = self.serializer(rest, data)
        assert not serializer.is_valid()
        assert [*serializer.errors] == (["model"] if isinstance(data, dict) else ["non_field_errors"])

    def test_messages_are_in_djangos_language(self, rest: Any) -> None:
        from django.utils.translation import override

        for language, said in (
            ("zh-hans", "图片数量必须在 1 到 4 之间"),
            ("en", "Number of images must be"),
            (None, "Number"),
        ):
            with override(language):
                serializer = self.serializer(rest, {"prompt": "a fox", "n": 9})
                assert not serializer.is_valid()
                assert serializer.errors["n"][0].startswith(said)

    def test_many_and_nested(self, rest: Any) -> None:
        from rest_framework import serializers

        many = self.serializer(rest, [{"prompt": "a"}, {"prompt": "b", "n": 9}], many=True)
        assert not many.is_valid()
        assert [*many.errors[1]] == ["n"]  # a list of them, or by index, as the version has it

        class Order(serializers.Serializer):
            picture = rest.PictureSerializer()

        order = Order(data={"picture": {"prompt": "a fox", "n": 9}})
        assert not order.is_valid()
        assert [*order.errors["picture"]] == ["n"]

    def test_labels_names_and_tighter_bounds(self, rest: Any) -> None:
        from rest_framework import serializers

        from reapi_rules.forms.rest_framework import RequestMixin

        class Own(RequestMixin, serializers.Serializer):
            options = {"default_model": MODEL, "unknown_fields": "error"}
            names = {"copies": "n"}

            copies = serializers.IntegerField(required=False, label="Copies", max_value=2)

        for more in ({}, {"n": 4}):  # no way round the bound of the serializer
            for sent in ({"copies": 2, **more}, {**more, "copies": 2}):
                serializer = Own(data={"prompt": "a fox", **sent})
                assert serializer.is_valid()
                assert serializer.validated_data == {"model": MODEL, "prompt": "a fox", "n": 2}
        for copies, message in ((3, "Ensure this value"), (5, "Copies must be between 1 and 4")):
            serializer = Own(data={"prompt": "a fox", "copies": copies})
            assert not serializer.is_valid()
            assert serializer.errors["copies"][0].startswith(message)
        serializer = Own(data={"prompt": "a fox", "odd": 1})
        assert not serializer.is_valid()
        assert serializer.errors == {
            "non_field_errors": ['unknown field "odd"; leave it out: this model has no such parameter']
        }

    def test_the_endpoint(self, rest: Any) -> None:
        from django.test import RequestFactory
        from django.test.utils import override_settings

        bodies: tuple[tuple[dict[str, Any], int], ...] = (({"prompt": "a fox"}, 200), ({"n": 1}, 400))
        with override_settings(REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}):
            for body, status in bodies:
                request = RequestFactory().post("/pictures", json.dumps(body), content_type="application/json")
                assert rest.pictures(request).status_code == status


class TestPydantic:
    @pytest.fixture
    def adapter(self) -> Callable[..., Any]:
        need("pydantic")
        from typing import Annotated

        from pydantic import TypeAdapter

        from reapi_rules import Report
        from reapi_rules.forms.pydantic import Judged

        return lambda **options: TypeAdapter(Annotated[Report, Judged(**options)])

    def test_the_value_is_the_report(self, adapter: Any) -> None:
        body = {"model": MODEL, "prompt": "a fox", "n": 2}
        for report in (adapter().validate_python(body), adapter().validate_json(json.dumps(body))):
            assert report.payload() == body
            assert adapter().validate_python(report) is report
        assert adapter(default_model="gpt-image-2").validate_python({"prompt": "a fox"}).model == "gpt-image-2"

    def test_every_finding_is_an_error(self, adapter: Any) -> None:
        from pydantic import ValidationError

        body = {"model": MODEL, "n": 9, "size": "{code} {message} {hint}", "image_urls": [IMAGE, DATA]}
        with pytest.raises(ValidationError) as raised:
            adapter(language="zh").validate_python(body)
        errors = raised.value.errors(include_url=False)
        assert [(error["type"], error["loc"]) for error in errors] == [
            ("prompt.required", ("prompt",)),
            ("size.unknown", ("size",)),
            ("n.range", ("n",)),
            ("image_urls.data_uri", ("image_urls", 1)),
        ]
        assert errors[1]["msg"].startswith("尺寸的值“{code} {message} {hint}”无效")
        assert [error["input"] for error in errors] == [None, "{code} {message} {hint}", 9, "data:…"]
        assert errors[2]["ctx"]["code"] == 20003
        assert "base64" not in str(errors)

    def test_text_is_no_body(self, adapter: Any) -> None:
        from pydantic import ValidationError

        bodies: tuple[Any, ...] = (f'{{"model": "{MODEL}", "prompt": "a"}}', b"{}", bytearray(b"{}"), None, [], 5)
        for body in bodies:
            with pytest.raises(ValidationError) as raised:
                adapter().validate_python(body)
            assert [error["type"] for error in raised.value.errors()] == ["body.object"]

    def test_its_schema_is_the_request(self, adapter: Any) -> None:
        schema = adapter().json_schema()
        assert "$ref" not in json.dumps(schema)
        assert len(schema["oneOf"]) == len(built_in().models) + 1
        assert "required" not in adapter(default_model=MODEL).json_schema()["oneOf"][0] or (
            adapter(default_model=MODEL).json_schema()["oneOf"][0]["required"] == ["prompt"]
        )


class TestFastapi:
    @pytest.fixture(scope="class")
    @classmethod
    def client(cls) -> Any:
        need("fastapi", "httpx2", "python_multipart")
        from fastapi.testclient import TestClient

        return TestClient(example("fastapi_app").app)

    def post(self, client: Any, body: bytes | str, kind: str = "application/json") -> Any:
        return client.post("/requests", content=body, headers={"Content-Type": kind})

    def test_the_request_is_in_openapi(self, client: Any) -> None:
        need("openapi_spec_validator")
        from openapi_spec_validator import validate

        document = client.get("/openapi.json").json()
        validate(document)
        body = document["paths"]["/requests"]["post"]["requestBody"]
        assert body["required"]
        official = body["content"]["application/json"]["schema"]["oneOf"][0]
        assert [*official["properties"]] == ["model", *built_in().models[MODEL].fields]
        names = document["components"]["schemas"]
        text = json.dumps(document)
        refs = {each.partition('"')[0] for each in text.split('"$ref": "#/components/schemas/')[1:]}
        assert refs <= names.keys()
        assert text.count('"$ref"') == text.count('"$ref": "#/components/schemas/')

    def test_a_faultless_request(self, client: Any) -> None:
        answer = self.post(client, json.dumps({"model": MODEL, "prompt": "a fox", "n": 2}))
        assert answer.status_code == 200
        assert answer.json()["quote"]["credits"] == 338

    def test_findings_are_its_own_422(self, client: Any) -> None:
        answer = self.post(client, json.dumps({"model": MODEL, "n": 9, "image_urls": [DATA], "resolution": "4k"}))
        assert answer.status_code == 422
        detail = answer.json()["detail"]
        assert [(error["type"], error["loc"], error["input"]) for error in detail] == [
            ("prompt.required", ["body", "prompt"], None),
            ("size.needs_widescreen", ["body", "size"], None),
            ("n.range", ["body", "n"], 9),
            ("image_urls.data_uri", ["body", "image_urls", 0], "data:…"),
        ]
        assert detail[2]["msg"] == "Number of images must be between 1 and 4"

    @pytest.mark.parametrize(
        "field",
        (
            '"n": NaN',
            '"n": -Infinity',
            '"n": 1e999',
            '"size": "\\ud800"',
            '"\\udfff": NaN',
            '"x": NaN',
            '"x": "\\ud800"',
        ),
    )
    @pytest.mark.parametrize("model", (MODEL, "flux-2", "midjourney"))
    def test_what_json_has_not_is_never_a_500(self, client: Any, field: str, model: str) -> None:
        answer = self.post(client, f'{{"model": "{model}", "prompt": "a fox", {field}}}')
        assert answer.status_code in (200, 422)
        answer.content.decode()
        if answer.status_code == 422:
            assert all(error["msg"] for error in answer.json()["detail"])

    @pytest.mark.parametrize(
        ("body", "kinds"),
        (
            (b'{"model":', ["json_invalid"]),
            (b"", ["missing"]),
            (b"[]", ["body.object"]),
            (b"null", ["body.object"]),
            (b'"text"', ["body.object"]),
        ),
    )
    def test_what_is_no_request(self, client: Any, body: bytes, kinds: list[str]) -> None:
        answer = self.post(client, body)
        assert (answer.status_code, [error["type"] for error in answer.json()["detail"]]) == (422, kinds)

    def test_json_under_another_name_is_none(self, client: Any) -> None:
        body = json.dumps({"model": MODEL, "prompt": "a fox"})
        assert self.post(client, body, "text/plain").json()["detail"][0]["type"] == "body.object"

    @pytest.mark.parametrize("body", (b"[" * 100_000, b'{"n": ' + b"9" * 5_000 + b"}", b'{"model": "\xff"}'))
    def test_what_its_reader_gives_up_on(self, client: Any, body: bytes) -> None:
        assert self.post(client, body).status_code in (400, 422)

    @pytest.mark.parametrize("path", ("/requests", "/api/v1/images/generations", "/pictures"))
    def test_a_body_has_a_limit(self, client: Any, path: str) -> None:
        keys = ",".join(f'"key{at}": {at}' for at in range(100_000)).encode()
        body = b'{"model": "gpt-image-2", "prompt": "a fox", ' + keys + b"}"
        assert client.post(path, content=body, headers={"Content-Type": "application/json"}).status_code == 413
        chunks = (body[at : at + 1_000] for at in range(0, len(body), 1_000))
        assert client.post(path, content=chunks, headers={"Content-Type": "application/json"}).status_code == 413

    def test_many_unknown_keys_have_a_bounded_answer(self, client: Any) -> None:
        keys = ",".join(f'"k{at}":1' for at in range(20_000))
        answer = self.post(client, f'{{"model": "gpt-image-2", "prompt": "a fox", {keys}}}')
        assert answer.status_code == 200
        assert len(answer.content) < 10_000
        assert answer.json()["warnings"][-1]["params"] == {"more": 19_980}

    def test_errors_of_other_parameters_are_beside_ours(self) -> None:
        need("fastapi", "httpx2")
        from typing import Annotated

        from fastapi import FastAPI
        from fastapi.testclient import TestClient
        from pydantic import BaseModel

        from reapi_rules import Report
        from reapi_rules.forms.pydantic import Judged

        class Order(BaseModel):
            picture: Annotated[Report, Judged(default_model="gpt-image-2")]
            note: int

        app = FastAPI()

        def order(order: Order, page: int) -> dict[str, Any]:
            return {"sent": order.picture.payload()}

        order.__annotations__ = {"order": Order, "page": int}
        app.post("/")(order)
        client = TestClient(app)
        detail = client.post("/?page=x", json={"picture": {"prompt": "a", "n": 2}, "note": "y"}).json()["detail"]
        assert [error["loc"] for error in detail] == [["query", "page"], ["body", "picture", "n"], ["body", "note"]]
        answer = client.post("/?page=1", json={"picture": {"prompt": "a"}, "note": 1})
        assert answer.json() == {"sent": {"model": "gpt-image-2", "prompt": "a"}}

    def test_there_is_nothing_else_of_that_name(self) -> None:
        from reapi_rules.forms import fastapi

        with pytest.raises(AttributeError, match="nothing"):
            _ = fastapi.nothing  # type: ignore[attr-defined]


class TestFlask:
    @pytest.fixture
    def client(self) -> Any:
        need("flask", "wtforms")
        return example("flask_app").app.test_client()

    @pytest.mark.parametrize(
        "body",
        (b"prompt=%FF%FE", b"prompt=a%C3", b"prompt=\xff", b"prompt=ok&size=%80", b"prompt=ok&image_urls=%ED%A0%80"),
    )
    def test_bytes_that_are_not_utf8_are_refused(self, client: Any, body: bytes) -> None:
        answer = client.post("/", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert "bytes that are not UTF-8" in answer.text

    @pytest.mark.parametrize("prompt", ("%25FF", "%C3%A9", "100%25", "%F0%9F%A6%8A", "a+b"))
    def test_what_is_utf8_is_not(self, client: Any, prompt: str) -> None:
        answer = client.post("/", data=f"prompt={prompt}&quality=low", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200

    def test_the_query_of_an_address_too(self, client: Any) -> None:
        with client.application.test_request_context("/?prompt=%FF&size=1:1&n=%32"):
            from flask import request

            assert [error.rule for error in preflight_form(request.args, default_model=MODEL).errors] == [
                "form.characters"
            ]
            assert (request.args["size"], request.args["n"]) == ("1:1", "2")

    def test_a_large_form_is_refused(self, client: Any) -> None:
        answer = client.post("/", data={"prompt": "x" * 300_000})
        assert (answer.status_code, answer.text) == (400, "The form is too large.")

    def test_multipart_forms_and_files(self, client: Any) -> None:
        assert client.post("/", data={"prompt": "a fox"}, content_type="multipart/form-data").status_code == 200
        body = b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\r\n--x--\r\n'
        assert client.post("/", data=body, content_type="multipart/form-data; boundary=x").status_code == 400

    def test_fields_of_its_own(self, client: Any) -> None:
        form = {"size": "16:9", "resolution": "2k", "quality": "high", "n": "2", "campaign": "spring"}
        answer = client.post("/", data={**form, "prompt": "a 16:9 fox", "quality": "auto"})
        assert answer.status_code == 200
        assert "unknown field" not in answer.text
        assert "Quality auto is billed as high" in answer.text


class TestWtforms:
    @pytest.fixture
    def form(self) -> Any:
        need("wtforms", "werkzeug")
        from werkzeug.datastructures import MultiDict
        from wtforms import FieldList, Form, IntegerField, StringField

        class Own(Form):
            n = IntegerField()
            image_urls = FieldList(StringField())

        return lambda **data: Own(MultiDict([(name, value) for name, value in data.items()]))

    def test_entries_of_a_list_have_their_own_errors(self, form: Any) -> None:
        from reapi_rules.forms.wtforms import add_errors

        bound = form(**{"n": "9", "image_urls-0": "", "image_urls-1": IMAGE, "image_urls-2": " ", "image_urls-3": DATA})
        bound.validate()
        add_errors(bound, preflight_form({"prompt": "-", **bound.data}, default_model=MODEL).errors, hints=False)
        message = "image URL must be a public http(s) URL — data: URIs are rejected"
        assert [list(entry.errors) for entry in bound.image_urls.entries] == [[], [], [], [message]]
        assert bound.errors == {
            "n": ["Number of images must be between 1 and 4"],
            "image_urls": [[], [], [], [message]],
        }

    def test_entries_that_are_forms_of_their_own(self) -> None:
        need("wtforms", "werkzeug")
        from werkzeug.datastructures import MultiDict
        from wtforms import FieldList, Form, FormField, StringField

        from reapi_rules.forms.wtforms import add_errors

        class Image(Form):
            url = StringField()

        class Own(Form):
            image_urls = FieldList(FormField(Image))

        sent = MultiDict({"image_urls-10-url": DATA, "image_urls-9-url": IMAGE, "image_urls-8-url": " "})
        report = preflight_form([*sent.items(multi=True), ("prompt", "a fox")], default_model=MODEL)
        assert report.given["image_urls"] == [IMAGE, DATA]
        bound = Own(sent)
        bound.validate()
        add_errors(bound, report.errors, hints=False)
        message = "image URL must be a public http(s) URL — data: URIs are rejected"
        assert [list(entry.form.url.errors) for entry in bound.image_urls.entries] == [[], [], [message]]
        assert bound.errors == {"image_urls": [{}, {}, {"url": [message]}]}

    def test_what_concerns_the_list_and_the_form(self, form: Any) -> None:
        from reapi_rules.forms.wtforms import add_errors

        bound = form(**{f"image_urls-{index}": "x" for index in range(17)})
        bound.validate()
        add_errors(bound, preflight_form({**bound.data, "mask_url": "x"}, default_model=MODEL).errors, hints=False)
        assert bound.image_urls.errors[-1] == "Reference images accepts at most 16 entries"
        assert bound.image_urls.errors[0] == ["image URL must be a public http(s) URL"]
        assert bound.form_errors == ["Prompt is required", "Mask must be a public http(s) URL"]

    def test_what_concerns_the_form_is_in_its_language(self, form: Any) -> None:
        from reapi_rules.forms.wtforms import add_errors

        bound = form(n="1")
        bound.validate()
        errors = preflight_form(bound.data, default_model=MODEL).errors
        add_errors(bound, errors, language="zh", hints=False)
        assert bound.form_errors == [line(error, "zh") for error in errors] != []

    @pytest.mark.parametrize("hints", (True, False))
    def test_hints_are_shown_everywhere_or_nowhere(self, form: Any, hints: bool) -> None:
        """At a field, at an entry of a list, and form-wide."""
        from reapi_rules.forms.wtforms import add_errors

        bound = form(**{"n": "9", "image_urls-0": DATA})
        bound.validate()
        errors = preflight_form({**bound.data, "prompt": "-", "mask_url": "x"}, default_model=MODEL).errors
        assert all(error.hint for error in errors)
        add_errors(bound, errors, hints=hints)
        shown = (*bound.n.errors, *bound.image_urls.entries[0].errors, *bound.form_errors)
        plain = {line(error, entry=False) for error in errors}
        assert len(shown) == len(errors) == 3
        assert plain.isdisjoint(shown) if hints else plain == set(shown)

    def test_other_names_and_labels(self) -> None:
        need("wtforms", "werkzeug")
        from werkzeug.datastructures import MultiDict
        from wtforms import Form, StringField

        from reapi_rules.forms.wtforms import add_errors, labels_of

        class Own(Form):
            text = StringField("Your idea")
            n = StringField()
            size = StringField("Shape")

        data = MultiDict({"p-text": "", "p-n": "9", "p-size": "1:1", "p-resolution": "4k"})
        form = Own(data, prefix="p-")
        form.validate()
        names = {"text": "prompt"}
        report = preflight_form(data, prefix="p-", names=names, default_model=MODEL)
        add_errors(form, report.errors, names=names, hints=False)
        assert labels_of(form, names) == {"prompt": "Your idea", "size": "Shape"}
        assert labels_of(form, {"text": "prompt", "n": "seed"}) == {"prompt": "Your idea", "size": "Shape", "seed": "N"}
        assert form.errors == {
            "text": ["Your idea is required"],
            "size": ["4K requires an explicit Shape in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21} (see also: Resolution)"],
            "n": ["Number of images must be between 1 and 4"],
        }


class TestWithoutFrameworks:
    def test_an_error_says_what_to_install(self) -> None:
        from reapi_rules.catalog.extras import need as need_module

        with pytest.raises(ImportError, match=r'^this needs nowhere: in your clone, run pip install "\.\[django\]" '):
            need_module("nowhere.core", "django")

    def test_the_adapters_import_none_of_them(self) -> None:
        import subprocess

        script = (
            "import sys, reapi_rules.forms.django, reapi_rules.forms.wtforms, reapi_rules.forms.fastapi\n"
            "assert not {'django', 'wtforms', 'fastapi', 'flask', 'starlette'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)

    @pytest.mark.parametrize(
        ("call", "module", "extra"),
        (
            ("django.add_errors", "django.core.exceptions", "django"),
            ("flask.read_as_utf8", "werkzeug.formparser", "flask"),
            ("fastapi.raise_for_errors", "fastapi.exceptions", "fastapi"),
            ("fastapi.problem_response", "fastapi.responses", "fastapi"),
            ("fastapi.envelope_response", "fastapi.responses", "fastapi"),
        ),
    )
    def test_each_adapter_names_its_extra(self, call: str, module: str, extra: str, monkeypatch: Any) -> None:
        from importlib import import_module

        monkeypatch.setitem(sys.modules, module, None)
        report = preflight({"model": MODEL, "prompt": "a fox", "n": 9})
        name, function = call.split(".")
        arguments = (None,) if name == "flask" else (None, report.errors) if name == "django" else (report,)
        with pytest.raises(
            ImportError, match=rf"^this needs {module.partition('.')[0]}: .*pip install \"\.\[{extra}\]\""
        ):
            getattr(import_module(f"reapi_rules.forms.{name}"), function)(*arguments)

    def test_the_serializer_names_its_extra(self, monkeypatch: Any) -> None:
        from reapi_rules.forms.rest_framework import RequestMixin

        monkeypatch.setitem(sys.modules, "rest_framework.serializers", None)
        with pytest.raises(ImportError, match=r'^this needs rest_framework: .*pip install "\.\[rest-framework\]"'):
            RequestMixin().to_internal_value({})

    def test_the_annotated_types_name_theirs(self, monkeypatch: Any) -> None:
        from reapi_rules.forms import fastapi
        from reapi_rules.forms.pydantic import Judged

        monkeypatch.setitem(sys.modules, "fastapi", None)
        monkeypatch.setitem(sys.modules, "pydantic_core", None)
        with pytest.raises(ImportError, match=r"\.\[fastapi\]"):
            _ = fastapi.JudgedBody
        for use in (lambda: Judged().__get_pydantic_core_schema__(None, None), lambda: Judged()._read({})):
            with pytest.raises(ImportError, match=r"\.\[pydantic\]"):
                use()


class TestFastapiAnswers:
    BAD = preflight({"model": MODEL, "prompt": "a fox", "n": 9, "mask_url": IMAGE})
    GOOD = preflight({"model": MODEL, "prompt": "a fox"})

    def test_details(self) -> None:
        from reapi_rules.forms.fastapi import error_details

        n, mask = error_details(self.BAD.errors, "zh")
        assert {name: n[name] for name in ("type", "loc", "msg", "input")} == {
            "type": "n.range",
            "loc": ("body", "n"),
            "msg": "图片数量必须在 1 到 4 之间",
            "input": 9,
        }
        assert (n["ctx"]["code"], n["ctx"]["related"], mask["ctx"]["related"]) == (20003, [], ["image_urls"])
        assert n["ctx"]["hint"].startswith("请拆分成 3 个请求：4 + 4 + 1")
        assert n.keys() == {"type", "loc", "msg", "input", "ctx"}
        assert error_details(self.BAD.errors)[0]["msg"] == "Number of images must be between 1 and 4"

    def test_places(self) -> None:
        from reapi_rules.forms.fastapi import error_details

        body = {"model": MODEL, "prompt": "a fox", "image_urls": [IMAGE, "x"], "y" * 100: 1}
        entry, unknown = error_details(preflight(body, unknown_fields="error").errors)
        assert (entry["loc"], unknown["loc"]) == (("body", "image_urls", 1), ("body", "y" * 80))
        assert error_details(preflight("[").errors)[0]["loc"] == ("body",)

    def test_responses(self) -> None:
        need("fastapi")
        from fastapi.exceptions import RequestValidationError

        from reapi_rules.forms.fastapi import envelope_response, problem_response, raise_for_errors
        from reapi_rules.forms.problems import envelope, problem

        answer = problem_response(self.BAD, "zh")
        assert (answer.status_code, answer.media_type) == (400, "application/problem+json")
        assert json.loads(answer.body) == problem(self.BAD, "zh")
        answer = envelope_response(self.BAD, "r1")
        assert (answer.status_code, json.loads(answer.body)) == (400, envelope(self.BAD, "r1"))
        assert envelope_response(preflight('{"n": 1e999}')).media_type == "application/problem+json"
        assert (problem_response(self.GOOD), envelope_response(self.GOOD)) == (None, None)
        assert raise_for_errors(self.GOOD) is self.GOOD
        with pytest.raises(RequestValidationError) as raised:
            raise_for_errors(self.BAD, "zh")
        assert raised.value.errors()[0]["msg"] == "图片数量必须在 1 到 4 之间"


class TestSmallPrint:
    def test_related_fields_are_listed(self) -> None:
        from msgspec.structs import replace

        error = preflight({"model": MODEL, "prompt": "a fox", "resolution": "4k", "size": "1:1"}).errors[0]
        said = line(replace(error, related=("/resolution", "/n")))
        assert said.endswith(" (see also: Resolution, Number of images)")

    def test_the_names_of_a_form_are_counted(self) -> None:
        for model in ({}, {"model": MODEL}):
            for others in (998, 999, 1_000):
                form = {"prompt": "a fox", **model, **{f"own{at}": "x" for at in range(others)}}
                report = preflight_form(form, default_model=MODEL)
                assert report.ok is (len(form) <= 1_000)

    @pytest.mark.parametrize("value", ([object()], (object(),), {"a": object()}))
    def test_what_is_nested_and_no_json_is_no_text(self, value: Any) -> None:
        report = preflight_form({"prompt": "a fox", "n": [value]}, default_model=MODEL)
        assert [error.rule for error in report.errors] == ["form.file"]

    def test_the_messages_of_a_rule(self) -> None:
        from reapi_rules.catalog.labels import labels
        from reapi_rules.catalog.messages import translation
        from reapi_rules.forms.message_list import message_catalog

        found = message_catalog()
        assert (found["format"], found["languages"]) == ("reapi-message-catalog/1", ["en", "zh"])
        assert {name: found[name] for name in ("sentences", "fields", "options", "texts")} == {
            "sentences": labels().sentences,
            "fields": labels().fields,
            "options": labels().options,
            "texts": {"zh": translation("zh").texts},
        }
        entry = found["rules"]["n.range"]
        assert [*entry] == ["level", "code", "field", "en", "zh"]
        assert [*entry["en"]] == [*entry["zh"]] == ["message", "hints", "variants"]
        assert {name: entry[name] for name in ("level", "code", "field")} == {
            "level": "error",
            "code": 20003,
            "field": "n",
        }
        assert entry["en"]["message"] == "n must be between {minimum} and {maximum}"
        assert entry["en"]["variants"]["fixed"] == "n must be {minimum}"
        assert found["rules"]["form.repeated"]["en"]["message"] == "{field} was sent {count} times"

    def test_the_head_of_the_choices_schema(self) -> None:
        from reapi_rules.forms.choices import choices_schema

        assert choices_schema()["title"] == "choices.json of reapi_rules"
        assert choices_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def test_runs_of_characters_are_ranges(self) -> None:
        from reapi_rules.forms import patterns

        assert patterns._class("abcxz") == r"\u0061-\u0063\u0078\u007a"
        assert patterns._class("") == ""

    def test_a_url_without_blanks_round_it(self) -> None:
        import re

        from reapi_rules.forms import patterns

        assert f"^{patterns.url()}" == patterns.URL
        assert re.search(patterns.url(), "https://example.com/a.png ")
        assert re.search(patterns.url(patterns.BLANK), " https://example.com/a.png ")
        assert not re.search(f"^{patterns.url()}", "\u3000https://example.com")
        assert not re.search(f"^{patterns.url()}", "https://  ")
        assert not re.search(patterns.url(patterns.BLANK), "https:// ")

    def test_a_field_that_is_no_list_has_no_entries(self) -> None:
        for name in ("prompt[]", "prompt[0]", "prompt-0"):
            report = preflight_form({name: "a fox"}, default_model=MODEL)
            assert [error.rule for error in report.errors] == ["prompt.required"]
            assert name in [warning.field for warning in report.warnings]

    def test_a_long_name_is_not_in_a_pointer(self) -> None:
        from reapi_rules.forms.problems import problem

        for length, pointer in ((199, "#/" + "x" * 199), (200, "#")):
            body = {"model": MODEL, "prompt": "a fox", "x" * length: 1}
            found = problem(preflight(body, unknown_fields="error"))
            assert found is not None
            assert [error["pointer"] for error in found["errors"]] == [pointer]

    def test_the_model_is_no_field_of_the_forms_own(self) -> None:
        from reapi_rules.forms.reader import own_of

        assert own_of(["model", "text", "campaign"], {"text": "prompt"}, built_in()) == {"campaign"}

    def test_what_is_no_text_of_an_unknown_field_is_given_as_it_is(self) -> None:
        value = object()
        report = preflight_form({"prompt": "a fox", "campaign": [value]}, default_model=MODEL)
        assert [(warning.field, warning.value) for warning in report.warnings if warning.field == "campaign"] == [
            ("campaign", "object")
        ]

    def test_an_own_field_that_is_an_error_is_shown(self) -> None:
        report = preflight_form({"prompt": "a fox", "campaign": "x"}, default_model=MODEL, unknown_fields="error")
        assert len(by_field(report.errors).form) == 1

    def test_the_map_of_a_default_model(self) -> None:
        from reapi_rules.forms.schema import request_schema_map

        assert request_schema_map(default_model="gpt-image-2") != request_schema_map()

    def test_an_address_has_one_line(self) -> None:
        import re

        from reapi_rules.forms import patterns

        assert re.search(patterns.URL_LINES, "https://a.example/1.png\nhttps://b@c.example/2.png")
        assert not re.search(patterns.URL_LINES, "https://a\nb@c.example/2.png")

    def test_flask_reads_each_kind_of_form(self) -> None:
        need("flask")
        from flask import Flask, request

        from reapi_rules.forms.flask import read_as_utf8

        app = Flask(__name__)
        read_as_utf8(app)
        app.post("/")(lambda: {name: request.form.getlist(name) for name in request.form})
        client = app.test_client()
        kind = "application/x-www-form-urlencoded"
        assert client.post("/", data=b"a=%E7%8B%90&a=%FF", content_type=kind).json == {"a": ["狐", "\ufffd"]}
        assert client.post("/", data={"a": "狐"}, content_type="multipart/form-data").json == {"a": ["狐"]}

    def test_fastapi_says_by_its_place_which_entry_it_was(self) -> None:
        from reapi_rules.forms.fastapi import error_details

        report = preflight({"model": MODEL, "prompt": "a fox", "image_urls": [IMAGE, DATA]})
        (found,) = error_details(report.errors)
        assert (found["loc"], found["msg"]) == (("body", "image_urls", 1), line(report.errors[0], entry=False))
        assert found["msg"] != line(report.errors[0])

    def test_which_words_are_text_too(self) -> None:
        from reapi_rules.forms.writing import takes_text

        fields = built_in().models[MODEL].fields
        takes = {name: takes_text(fields[name]) for name in ("size", "resolution", "quality", "prompt")}
        assert takes == {"size": True, "resolution": True, "quality": False, "prompt": False}

    def test_words_of_a_condition_have_the_case_of_their_field(self) -> None:
        import re

        from reapi_rules.forms.as_json import AS_JSON
        from reapi_rules.forms.as_text import AS_TEXT

        fields = built_in().models[MODEL].fields
        for name, text, is_one in (("size", "auto", True), ("size", "AUTO", False), ("resolution", "4K", True)):
            words = ("auto", "4k")
            assert bool(re.search(AS_TEXT.one_of(words, fields[name])["pattern"], text)) is is_one
            node = AS_JSON.one_of(words, fields[name])
            assert bool(re.search(node["pattern"], text) if "pattern" in node else text in node["enum"]) is is_one

    def test_openapi_of_another_catalog(self, tmp_path: Path) -> None:
        from reapi_rules.forms.openapi import openapi

        catalog = third_catalog(tmp_path)
        mapping = openapi(catalog=catalog)["components"]["schemas"]["Request"]["discriminator"]["mapping"]
        assert {*catalog.models} <= {*mapping}
        assert not {*catalog.models} <= {*openapi()["components"]["schemas"]["Request"]["discriminator"]["mapping"]}

    def test_a_request_of_openapi(self) -> None:
        from reapi_rules.forms.openapi import inline_request, openapi
        from reapi_rules.forms.schema import branches

        schemas = openapi()["components"]["schemas"]
        assert schemas["Request"]["title"] == inline_request()["title"] == "A request for images"
        assert inline_request()["oneOf"] == [*branches().values()]
        mapping = schemas["Request"]["discriminator"]["mapping"]
        assert schemas["Request"]["discriminator"]["propertyName"] == "model"
        assert mapping["flux-2"] == "#/components/schemas/Request_flux_2"
        assert mapping["midjourney"] == "#/components/schemas/Request_without_rules"
        assert set(mapping) == {id for each in branches().values() for id in each["properties"]["model"]["enum"]}
        assert [each["$ref"] for each in schemas["Request"]["oneOf"]] == [*dict.fromkeys(mapping.values())]
        assert {name: schemas[name] for name in ("Request_flux_2", "Request_without_rules")} == {
            "Request_flux_2": branches()["flux-2"],
            "Request_without_rules": branches()[""],
        }
        assert "discriminator" not in openapi(default_model=MODEL)["components"]["schemas"]["Request"]
        refs = {each.partition('"')[0] for each in json.dumps(openapi()).split('"$ref": "#/components/schemas/')[1:]}
        assert refs <= schemas.keys()
