"""The form reader: what HTML forms send, read strictly, and never judged more loosely than the engine judges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules import Report, preflight
from reapi_rules.engine.body import FIELDS
from reapi_rules.forms import by_field, preflight_form
from reapi_rules.forms.mapping import line, shown_value
from reapi_rules.forms.problems import envelope, problem
from reapi_rules.forms.reader import BLANKS
from reapi_rules.forms.wtforms import add_errors

MODEL = "gpt-image-2-official"
IMAGE = "https://cdn.example.com/a.png"
DATA = "data:image/png;base64," + "A" * 300


def read(**form: Any) -> Report:
    return preflight_form({"prompt": "a fox", **form}, default_model=MODEL)


def rules(report: Report) -> list[tuple[str, str]]:
    return [(error.rule, error.pointer) for error in report.errors]


class Lists(dict[str, list[Any]]):
    """As a multi-dict of Django or Werkzeug."""

    def lists(self) -> Iterator[tuple[str, list[Any]]]:
        yield from self.items()


class Pairs:
    """As a multi-dict of Starlette."""

    def __init__(self, *pairs: tuple[str, Any]) -> None:
        self.pairs = pairs

    def multi_items(self) -> list[tuple[str, Any]]:
        return list(self.pairs)


class Broken(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise RuntimeError

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        return 1


class TestShapes:
    @pytest.mark.parametrize(
        "data",
        (
            {"model": MODEL, "prompt": "a", "image_urls": [IMAGE, IMAGE]},
            {"model": [MODEL], "prompt": ["a"], "image_urls": [IMAGE, IMAGE]},
            Lists({"model": [MODEL], "prompt": ["a"], "image_urls": [IMAGE, IMAGE]}),
            Pairs(("model", MODEL), ("prompt", "a"), ("image_urls", IMAGE), ("image_urls", IMAGE)),
            [("model", MODEL), ("prompt", "a"), ("image_urls", IMAGE), ("image_urls", IMAGE)],
            [("model", MODEL), ("prompt", "a"), ("image_urls-0", IMAGE), ("image_urls-1", IMAGE)],
            [("model", MODEL), ("prompt", "a"), ("image_urls[]", IMAGE), ("image_urls[]", IMAGE)],
            {"model": MODEL, "prompt": "a", "image_urls": f"{IMAGE}\r\n\r\n  {IMAGE}  "},
            {"model": MODEL, "prompt": "a", "image_urls": json.dumps([IMAGE, IMAGE], indent=1)},
            {"model": MODEL.encode(), "prompt": b"a", "image_urls": [f"{IMAGE}\n{IMAGE}", "", None]},
        ),
    )
    def test_say_the_same(self, data: Any) -> None:
        report = preflight_form(data)
        assert report.payload() == {"model": MODEL, "prompt": "a", "image_urls": [IMAGE, IMAGE]}
        assert [warning.rule for warning in report.warnings] == ["size.mirrors_reference", "quality.auto_bills_high"]

    @pytest.mark.parametrize("name", ("image_urls[{}]", "image_urls-{}"))
    @pytest.mark.parametrize("first", (0, 1, 990))
    def test_numbered_names_are_one_list_however_long(self, name: str, first: int) -> None:
        urls = [f"https://cdn.example.com/{at}.png" for at in range(16)]
        data = {"prompt": "a", **{name.format(first + at): url for at, url in enumerate(urls)}}
        assert preflight_form(data, default_model=MODEL).payload() == {
            "model": MODEL,
            "prompt": "a",
            "image_urls": urls,
        }

    @pytest.mark.parametrize("data", (None, 5, "a=1", b"a=1", [1], ["ab"], object()))
    def test_that_are_no_form_are_an_error(self, data: Any) -> None:
        assert rules(preflight_form(data)) == [("body.object", "")]

    def test_that_raise_are_an_error(self) -> None:
        assert rules(preflight_form(Broken())) == [("body.unreadable", "")]


class TestCoercion:
    @pytest.mark.parametrize("blank", ("", " ", "\r\n", "\u3000", "\ufeff", "\u200b \xa0", None, [], ["", " "]))
    @pytest.mark.parametrize("name", FIELDS[2:])
    def test_blank_fields_are_absent(self, name: str, blank: Any) -> None:
        report = read(**{name: blank})
        assert report.payload() == {"model": MODEL, "prompt": "a fox"}
        assert [warning.rule for warning in report.warnings] == ["quality.auto_bills_high"]

    @pytest.mark.parametrize("blank", ("", " \n", "\u3000", None))
    def test_a_blank_prompt_is_missing(self, blank: Any) -> None:
        assert rules(read(prompt=blank)) == [("prompt.required", "/prompt")]

    @pytest.mark.parametrize(
        ("text", "number"), (("3", 3), (" 3\t", 3), ("003", 3), (3, 3), (3.0, 3), ("-1", None), ("9" * 18, None))
    )
    def test_digits_are_a_number(self, text: Any, number: int | None) -> None:
        report = read(n=text)
        assert (report.payload() or {}).get("n") == number
        assert number is not None or rules(report) == [("n.range", "/n")]

    @pytest.mark.parametrize(
        "text", ("three", "2.0", "1e0", "+2", "２", "٣", "0x2", "2,", "1 2", "9" * 19, "9" * 9999, True)
    )
    def test_other_text_is_none(self, text: Any) -> None:
        assert rules(read(n=text)) == [("n.type", "/n")]

    def test_values_are_trimmed_and_prompts_are_not(self) -> None:
        report = read(prompt=" a\r\nfox\r ", size=" 16:9\u3000", resolution="\t4K", quality="low ", model=f" {MODEL}\n")
        sent = {"prompt": " a\nfox\n ", "size": "16:9", "resolution": "4k", "quality": "low", "model": MODEL}
        assert report.payload() == sent

    def test_line_ends_of_a_textarea_count_once(self) -> None:
        assert read(prompt="a\r\n" * 2000).ok
        assert rules(read(prompt="a\r\n" * 2000 + "b")) == [("prompt.max_length", "/prompt")]

    @pytest.mark.parametrize("name", [name for name in FIELDS if name != "image_urls"])
    def test_a_repeated_field_is_an_error_there(self, name: str) -> None:
        report = read(**{name: ["", "1", " 1 "]})
        assert rules(report) == [("form.repeated", f"/{name}")]
        assert report.errors[0].message == f"{name} was sent 2 times"
        assert report.errors[0].code == 20003

    @pytest.mark.parametrize("text", ("[", "[1,", '["a"', "[oops]", "[" * 100_000, "[1e999]"))
    def test_a_broken_list_is_an_error_at_its_field(self, text: str) -> None:
        assert [pointer for _, pointer in rules(read(image_urls=text))] == ["/image_urls"]

    def test_entries_are_judged_where_they_stand(self) -> None:
        assert rules(read(image_urls=f"{IMAGE}\n\nftp://x\n{DATA}")) == [
            ("image_urls.not_http", "/image_urls/1"),
            ("image_urls.data_uri", "/image_urls/2"),
        ]
        assert rules(read(image_urls=f'["{IMAGE}", 5, null, ""]')) == [
            ("image_urls.item_type", "/image_urls/1"),
            ("image_urls.item_type", "/image_urls/2"),
            ("image_urls.not_http", "/image_urls/3"),
        ]
        assert rules(read(image_urls=[IMAGE, object(), "a\0", {"url": IMAGE}])) == [
            ("form.file", "/image_urls/1"),
            ("form.characters", "/image_urls/2"),
            ("image_urls.item_type", "/image_urls/3"),
        ]

    @pytest.mark.parametrize("value", ("a\0", "\udcff", b"\xff", "a\ufffd"))
    @pytest.mark.parametrize("name", [name for name in FIELDS if name != "image_urls"])
    def test_what_is_no_text_is_an_error_there(self, name: str, value: Any) -> None:
        assert rules(read(**{name: value})) == [("form.characters", f"/{name}")]

    @pytest.mark.parametrize("name", [name for name in FIELDS if name != "image_urls"])
    def test_a_file_is_an_error_there(self, name: str) -> None:
        assert rules(read(**{name: object()})) == [("form.file", f"/{name}")]

    def test_a_refused_field_is_not_judged_as_if_it_were_absent(self) -> None:
        assert rules(read(size=["16:9", "1:1"], resolution="4k")) == [("form.repeated", "/size")]

    def test_what_the_model_ignores_may_be_anything(self) -> None:
        assert preflight_form({"model": "gpt-image-2", "prompt": "a", "mask_url": object(), "quality": ["a", "b"]}).ok


class TestUnknownFields:
    def test_furniture_of_a_form_is_left_out(self) -> None:
        report = preflight_form(
            {"prompt": "-", "csrfmiddlewaretoken": "x", "csrf_token": "x", "submit": "go", "quality": "low"},
            default_model=MODEL,
            unknown_fields="error",
        )
        assert report.ok

    @pytest.mark.parametrize("value", ("x", ["x", "y"], "\0", object()))
    def test_others_are_the_engines_business(self, value: Any) -> None:
        form = {"prompt": "-", "aspect_ratio": value}
        assert preflight_form(form, default_model=MODEL).warnings[0].hint == 'did you mean "size"?'
        assert rules(preflight_form(form, default_model=MODEL, unknown_fields="error")) == [
            ("field.unknown", "/aspect_ratio")
        ]


class TestLaws:
    @given(
        st.dictionaries(
            st.sampled_from([*FIELDS, "seed", "image_urls[]", "size[x]"]),
            st.text(max_size=5)
            | st.sampled_from(
                [MODEL, "16:9", "4K", "2", "-1", IMAGE, f"{IMAGE}\n{IMAGE}", f'["{IMAGE}"]', DATA, "[[]]"]
            )
            | st.lists(st.sampled_from(["", "1:1", "2", IMAGE, "\0"]), max_size=3)
            | st.none()
            | st.binary(max_size=4),
        )
    )
    def test_never_looser_than_the_engine(self, form: dict[str, Any]) -> None:
        """What a form passes with is a body that the engine passes, of the form's own values."""
        report = preflight_form(form)
        report.to_json()
        body = report.payload()
        assert (body is None) is not report.ok
        if body is not None:
            assert preflight(body).ok
            for name in ("size", "quality", "background", "moderation", "mask_url", "resolution"):
                if name in body:
                    given_value = form[name][0] if isinstance(form[name], list) and len(form[name]) == 1 else form[name]
                    text = given_value.decode() if isinstance(given_value, bytes) else given_value
                    texts = text if isinstance(text, list) else [text]
                    assert body[name] in [
                        each.strip(BLANKS).lower() if name == "resolution" else each.strip(BLANKS) for each in texts
                    ]

    @given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8))))
    def test_any_form_gets_a_report(self, pairs: list[tuple[str, str]]) -> None:
        preflight_form(pairs).to_json()

    def test_a_text_form_of_an_accepted_body_is_accepted(self) -> None:
        body = {"model": MODEL, "prompt": "a", "size": "1:1", "n": 2, "image_urls": [IMAGE], "mask_url": IMAGE}
        form = {**body, "n": "2", "image_urls": IMAGE}
        assert preflight_form(form).payload() == preflight(body).payload()


class TestHostileForms:
    def test_ten_thousand_fields(self) -> None:
        report = preflight_form({f"x{number}": "1" for number in range(10_000)})
        assert rules(report) == [("form.too_many_fields", "")]
        assert by_field(report.errors).form == ["the form has 10000 fields, and at most 1000 are read"]
        assert envelope(report) == {"error": {"code": None, "message": report.errors[0].message, "request_id": None}}

    @pytest.mark.parametrize(
        ("name", "value"),
        (
            ("prompt", "x" * 10_000_000),
            ("image_urls", "x\n" * 1_000_000),
            ("image_urls", [IMAGE] * 100_000),
            ("size", "9" * 1_000_000),
            ("n", "9" * 1_000_000),
            ("image_urls", "[" + "1," * 100_000 + "1]"),
        ),
        ids=lambda value: type(value).__name__,
    )
    def test_huge_values(self, name: str, value: Any) -> None:
        report = read(**{name: value})
        assert not report.ok
        assert len(json.dumps(by_field(report.errors, "zh", hints=True).to_dict())) < 5_000
        assert len(json.dumps(problem(report))) < 10_000

    def test_nested_names_are_unknown(self) -> None:
        report = read(**{"size[a][b]": "1:1", "prompt.x": "y"})
        assert {warning.field for warning in report.warnings if warning.rule == "field.unknown"} == {
            "size[a][b]",
            "prompt.x",
        }

    def test_a_huge_name_is_not_sent_back(self) -> None:
        report = preflight_form({"prompt": "-", "x" * 10_000: "1"}, default_model=MODEL, unknown_fields="error")
        assert len(json.dumps([by_field(report.errors).to_dict(), problem(report)])) < 1_000


class TestMapping:
    def test_cross_field_findings_name_the_other_field(self) -> None:
        report = read(resolution="4k", size="1:1")
        assert by_field(report.errors).fields["size"][0].endswith("(see also: Resolution)")
        assert by_field(report.errors, "zh").fields["size"][0].endswith("（另见：分辨率）")
        assert "keep size 1:1 with resolution 2k" in by_field(report.errors, hints=True).fields["size"][0]

    def test_entries_are_numbered_as_people_count(self) -> None:
        report = read(image_urls=[IMAGE, "ftp://x"])
        assert by_field(report.errors).fields == {"image_urls": ["image 2: image URL must be a public http(s) URL"]}
        assert line(report.errors[0], "zh") == "第 2 张图片：参考图必须是公开的 http(s) URL"

    def test_unknown_names_and_bodies_are_form_wide(self) -> None:
        report = preflight({"model": MODEL, "prompt": "-", "seed": 1}, unknown_fields="error")
        assert by_field(report.errors).form == ['unknown field "seed"']
        assert by_field(preflight("[").errors).form[0].startswith("the body is not JSON")
        assert by_field(report.errors).to_dict() == {"non_field_errors": ['unknown field "seed"']}
        assert by_field(report.errors).to_dict("__all__") == {"__all__": ['unknown field "seed"']}

    @pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("prompt", "n")])
    @pytest.mark.parametrize("value", (DATA, DATA[:40], " " + DATA[:40]))
    def test_data_uris_are_never_repeated(self, name: str, value: str) -> None:
        body = {"model": MODEL, "prompt": "-", "image_urls": [IMAGE], name: [value] if name == "image_urls" else value}
        report = preflight(body)
        shown = [line(error, language, hints=True) for error in report.errors for language in ("en", "zh")]
        shown += [str(shown_value(error)) for error in report.errors]
        assert shown
        assert "base64" not in json.dumps([shown, problem(report), envelope(report)])

    def test_long_prompts_are_never_repeated(self) -> None:
        report = read(prompt="abc" * 2000)
        assert len(str(shown_value(report.errors[0]))) == 81
        assert "abc" not in json.dumps([by_field(report.errors, hints=True).to_dict(), problem(report)])


class TestProblems:
    def test_problem_details(self) -> None:
        found = problem(read(n="9", image_urls="x"), "zh")
        assert found == {
            "type": "https://reapi-rules.example/problems/invalid-request",
            "title": "reAPI 会拒绝此请求",
            "status": 400,
            "detail": "n（图片数量）必须在 1 到 4 之间",
            "errors": [
                {"detail": "n（图片数量）必须在 1 到 4 之间", "pointer": "#/n", "rule": "n.range", "code": 20003},
                {
                    "detail": "参考图必须是公开的 http(s) URL",
                    "pointer": "#/image_urls/0",
                    "rule": "image_urls.not_http",
                    "code": 20003,
                },
            ],
            "error": {"code": 20003, "message": "n must be between 1 and 4", "request_id": None},
        }

    def test_none_without_errors(self) -> None:
        assert problem(read()) is None
        assert envelope(read()) is None

    def test_pointers_are_uri_fragments(self) -> None:
        report = preflight({"model": MODEL, "prompt": "-", "a b/~%é": 1}, unknown_fields="error")
        found = problem(report)
        assert found is not None
        assert found["errors"][0]["pointer"] == "#/a%20b~1~0%25%C3%A9"

    def test_the_envelope_is_the_gateways(self) -> None:
        for report in (read(n="9"), read(prompt=""), preflight({"model": MODEL})):
            assert envelope(report, "r1") == report.gateway_error("r1")


class Field:
    """The part of a WTForms field that the adapter needs; the real ones are in test_examples.py."""

    def __init__(self, data: Any, entries: tuple[Any, ...] = ()) -> None:
        self.data, self.entries, self.errors = data, list(entries), ()


class Form(dict[str, Any]):
    form_errors: list[str]


class TestWtformsWithoutWtforms:
    def test_needs_no_import(self) -> None:
        form = Form(n=Field("9"))
        form.form_errors = []
        add_errors(form, read(n="9", mask_url=IMAGE).errors, hints=False)
        assert form["n"].errors == ["n must be between 1 and 4"]
        assert form.form_errors == ["mask_url requires at least one entry in image_urls (see also: Reference images)"]
