"""The form reader: what HTML forms send, read strictly, and never judged more loosely than the engine judges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reapi_rules import Report, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Field as ModelField
from reapi_rules.forms import by_field, preflight_form
from reapi_rules.forms.mapping import line, shown_value
from reapi_rules.forms.problems import envelope, problem
from reapi_rules.forms.reader import BLANKS
from reapi_rules.forms.wtforms import add_errors
from tests.support.examples import need
from tests.support.hostile import HOSTILE, HOSTILE_BODIES, Index, NoEquality, NoItems, Proxy
from tests.support.schema_tools import third_catalog
from tests.support.strategies import accepted_bodies, hostile_bodies, is_writable

MODEL = "gpt-image-2-official"
MODELS = built_in().models
FIELDS = ("model", *MODELS[MODEL].fields)
ALL_FIELDS = [(model, name, field) for model, rules in MODELS.items() for name, field in rules.fields.items()]
"""Every field of every model."""
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

    @pytest.mark.parametrize("name", ("image_urls[{}]", "image_urls-{}", "image_urls.{}", "image_urls_{}"))
    @pytest.mark.parametrize("first", (0, 1, 990))
    def test_numbered_names_are_one_list_however_long(self, name: str, first: int) -> None:
        urls = [f"https://cdn.example.com/{at}.png" for at in range(16)]
        data = {"prompt": "a", **{name.format(first + at): url for at, url in enumerate(urls)}}
        wanted = {"model": MODEL, "prompt": "a", "image_urls": urls}
        assert preflight_form(data, default_model=MODEL).payload() == wanted
        backwards = dict(reversed([*data.items()]))  # as a page sends that lets its visitors move the images
        assert preflight_form(backwards, default_model=MODEL).payload() == wanted, "the numbers say the order"

    def test_entries_of_a_list_count_as_one_name(self) -> None:
        report = read(**{f"image_urls-{number}": IMAGE for number in range(1_500)})
        assert rules(report) == [("image_urls.max_items", "/image_urls")]

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
        ("text", "number"),
        (("3", 3), (" 3\t", 3), ("003", 3), (3, 3), (3.0, 3), ("-1", None), ("-" + "9" * 19, None), ("9" * 1000, None)),
    )
    def test_digits_are_a_number(self, text: Any, number: int | None) -> None:
        report = read(n=text)
        assert (report.payload() or {}).get("n") == number
        assert number is not None or rules(report) == [("n.range", "/n")]

    @pytest.mark.parametrize(
        "text", ("three", "2.0", "1e0", "+2", "２", "٣", "0x2", "2,", "1 2", "9" * 1001, "9" * 9999, True)
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

    def test_a_repeated_field_reads_in_chinese(self) -> None:
        assert by_field(read(size=["1:1", "2:1"]).errors, "zh").fields == {"size": ["尺寸被发送了 2 次"]}

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

    @pytest.mark.parametrize("name", (*FIELDS, "picture"))
    def test_a_file_input_without_a_file_is_blank(self, name: str) -> None:
        need("werkzeug", "starlette")
        from starlette.datastructures import FormData, UploadFile
        from werkzeug.datastructures import FileStorage, MultiDict

        empty: tuple[Any, ...] = (FileStorage(filename=""), FileStorage(), UploadFile(BytesIO(), filename=""))
        form = {"prompt": "a fox", "n": "2"}
        without = preflight_form({key: value for key, value in form.items() if key != name}, default_model=MODEL)
        for file in empty:
            pairs = [*((key, value) for key, value in form.items() if key != name), (name, file)]
            for kind in (MultiDict, FormData, dict, list):
                assert preflight_form(kind(pairs), default_model=MODEL).to_json() == without.to_json()
        for file in (FileStorage(filename="a.png"), UploadFile(BytesIO(), filename="a.png"), UploadFile(BytesIO())):
            rule = "field.unknown" if name == "picture" else "form.file"
            report = preflight_form(
                [*((key, value) for key, value in form.items() if key != name), (name, file)], default_model=MODEL
            )
            assert rule in [finding.rule for finding in (*report.errors, *report.warnings)]

    def test_a_file_input_without_a_file_as_a_browser_sends_it(self) -> None:
        need("werkzeug")
        from werkzeug.test import EnvironBuilder
        from werkzeug.wrappers import Request

        body = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n' % part
            for part in (
                (b"prompt", b"\r\na fox"),
                (b'image_urls"; filename="', b"Content-Type: application/octet-stream\r\n\r\n"),
            )
        )
        builder = EnvironBuilder(
            method="POST", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
        with Request(builder.get_environ()) as request:
            assert list(request.files) == ["image_urls"]
            assert preflight_form([*request.form.items(), *request.files.items()], default_model=MODEL).ok

    def test_a_refused_field_is_not_judged_as_if_it_were_absent(self) -> None:
        assert rules(read(size=["16:9", "1:1"], resolution="4k")) == [("form.repeated", "/size")]

    def test_what_the_model_ignores_may_be_anything(self) -> None:
        assert preflight_form({"model": "gpt-image-2", "prompt": "a", "mask_url": object(), "quality": ["a", "b"]}).ok


def typed(value: Any) -> Any:
    """A value of a body as far as a form can hold it: without blanks at its ends, with one kind of line end."""
    if type(value) is str:
        return value.strip(BLANKS).replace("\r\n", "\n")
    if type(value) is list:
        return list(map(typed, value))
    return int(value) if type(value) is float and value.is_integer() else value


def written(value: Any, field: ModelField) -> Any:
    """A value of a body as a form has it."""
    if field.kind in ("list", "object"):
        return json.dumps(value)
    if field.kind == "urls":
        return "\r\n".join(value)
    return {True: "on", False: "off"}[value] if type(value) is bool else str(value)


class TestKinds:
    """What a form sends is read by the kind of the field, whatever its name is and whichever the model."""

    @pytest.mark.parametrize(("model", "name", "field"), [each for each in ALL_FIELDS if each[2].kind == "boolean"])
    def test_switches(self, model: str, name: str, field: ModelField) -> None:
        for text, value in (
            ("on", True),
            (" TRUE ", True),
            ("1", True),
            ("off", False),
            ("False", False),
            ("0", False),
        ):
            form = {"model": model, "prompt": "a fox", "google_search": "on", name: text}
            report = preflight_form(form)
            assert (report.payload() or {})[name] is value
        for text in ("yes", "2", "null", "o n"):
            assert rules(preflight_form({"model": model, "prompt": "a fox", name: text})) == [
                (f"{name}.type", f"/{name}")
            ]

    @pytest.mark.parametrize(("model", "name", "field"), [each for each in ALL_FIELDS if each[2].kind == "integer"])
    def test_integers(self, model: str, name: str, field: ModelField) -> None:
        for number in (field.minimum or 0, field.maximum or 10**9):
            report = preflight_form({"model": model, "prompt": "a fox", name: f" {number} "})
            assert (report.payload() or {})[name] == number
        for text in ("three", "2.0", "1e0", "９"):
            assert rules(preflight_form({"model": model, "prompt": "a fox", name: text})) == [
                (f"{name}.type", f"/{name}")
            ]

    @pytest.mark.parametrize(
        ("model", "name", "field"), [each for each in ALL_FIELDS if each[2].kind in ("urls", "list")]
    )
    def test_lists(self, model: str, name: str, field: ModelField) -> None:
        entries = [IMAGE, "https://cdn.example.com/b.png"]
        forms: tuple[Any, ...] = (
            [(name, "\n".join(entries))],
            [(name, entry) for entry in entries],
            [(f"{name}[]", entry) for entry in entries],
            [(f"{name}[{number}]", entry) for number, entry in enumerate(entries)],
            [(f"{name}-{number}", entry) for number, entry in enumerate(entries)],
            [(name, json.dumps(entries))],
        )
        for form in forms:
            report = preflight_form([("model", model), ("prompt", "a fox"), *form])
            assert (report.payload() or {})[name] == entries, form
        assert rules(preflight_form({"model": model, "prompt": "a fox", name: '["a", '})) == [("form.list", f"/{name}")]

    def test_lists_of_anything(self) -> None:
        boxes = [[[0, 0, 10, 10]], [], [[5, 5, 9, 9], [1, 1, 2, 2]]]
        form = {
            "model": "wan2.7-image",
            "prompt": "a fox",
            "bbox_list": json.dumps(boxes),
            "color_palette": "#fff\n#000",
        }
        sent = preflight_form(form).payload() or {}
        assert (sent["bbox_list"], sent["color_palette"]) == (boxes, ["#fff", "#000"])
        assert rules(preflight_form({**form, "bbox_list": ["a", object()]})) == [("form.file", "/bbox_list")]
        assert rules(preflight_form({**form, "bbox_list": '["a\\u0000"]'})) == [("form.characters", "/bbox_list")]

    def test_objects(self) -> None:
        name = "sequential_image_generation_options"
        form = {"model": "doubao-seedream-5-0-lite", "prompt": "a fox"}
        for value in (' {"max_images": 3} ', {"max_images": 3}):
            assert (preflight_form({**form, name: value}).payload() or {})[name] == {"max_images": 3}
        for text in ("{", "[]", "null", "3", '"x"', "max_images=3"):
            assert rules(preflight_form({**form, name: text})) == [(f"{name}.type", f"/{name}")]

    def test_numbers(self, tmp_path: Any) -> None:
        catalog = third_catalog(tmp_path)
        form = {"model": "third", "prompt": "-"}
        for text, number in (("1", 1), (" 0.5 ", 0.5), ("-0", 0), ("01.0", 1.0)):
            assert (preflight_form({**form, "strength": text}, catalog=catalog).payload() or {})["strength"] == number
        for text in ("x", ".5", "1.", "1e0", "1,5", "NaN", "inf"):
            assert rules(preflight_form({**form, "strength": text}, catalog=catalog)) == [
                ("strength.type", "/strength")
            ]

    def test_free_text_keeps_its_blanks_and_words_do_not(self) -> None:
        form = {"model": "wan2.7-image", "prompt": " a ", "negative_prompt": " b\r\n", "size": " 16:9 "}
        sent = preflight_form(form).payload() or {}
        assert (sent["prompt"], sent["negative_prompt"], sent["size"]) == (" a ", " b\n", "16:9")

    @given(accepted_bodies())
    def test_a_body_written_as_a_form_is_the_body(self, body: dict[str, Any]) -> None:
        """Whatever a body of any model holds, the form that says the same has the same payload."""
        fields = {"model": ModelField(kind="word"), **MODELS[body["model"]].fields}
        plain = {name: typed(value) for name, value in body.items()}
        plain = {name: value for name, value in plain.items() if value not in ("", [], {}) and is_writable(value)}
        assume(preflight(plain).ok)
        form = {name: written(value, fields[name]) for name, value in plain.items()}
        assert preflight_form(form).payload() == preflight(plain).payload()

    def test_names_are_those_of_the_model(self) -> None:
        form = {"model": "flux-2", "prompt": "a fox", "image_urls": IMAGE, "size": "16:9"}
        report = preflight_form(form)
        assert {warning.field for warning in report.warnings} == {"image_urls", "size"}
        assert preflight_form({**form, "n": "x"}).ok  # flux-2 has no n

    def test_ids_without_rules_are_sent_as_they_are(self) -> None:
        form = {
            "model": " midjourney ",
            "prompt": "a fox",
            "n": "2",
            "blank": "",
            "tags": ["a", "b"],
            "csrf_token": "x",
        }
        report = preflight_form(form)
        assert [warning.rule for warning in report.warnings] == ["model.no_rules"]
        assert report.payload() == {"model": "midjourney", "prompt": "a fox", "n": "2", "tags": ["a", "b"]}

    def test_a_model_that_nobody_has_is_the_only_error(self) -> None:
        assert rules(preflight_form({"model": "x", "prompt": object(), "n": ["1", "2"]})) == [
            ("model.unknown", "/model")
        ]
        assert rules(preflight_form({"prompt": object()})) == [("model.required", "/model")]
        assert rules(preflight_form({"model": object()})) == [("form.file", "/model")]


class TestHostileObjects:
    """Objects that lie about their class or raise: always a report."""

    @given(hostile_bodies())
    def test_in_any_field(self, body: dict[Any, Any]) -> None:
        for form in (body, list(body.items()), Lists({name: [value] for name, value in body.items()})):
            report = preflight_form(form)
            report.to_json()
            by_field((*report.errors, *report.warnings), "zh", hints=True)
            problem(report)

    @pytest.mark.parametrize(("model", "name", "field"), ALL_FIELDS)
    def test_in_every_field_of_every_model(self, model: str, name: str, field: ModelField) -> None:
        for value in HOSTILE:
            for values in (value, [value], [IMAGE, value], [value, value], {"a": value}):
                report = preflight_form({"model": model, "prompt": "a fox", name: values})
                report.to_json()
                json.dumps(report.payload())  # what is accepted can be sent

    @pytest.mark.parametrize("place", range(len(HOSTILE_BODIES)))
    def test_as_the_form(self, place: int) -> None:
        preflight_form(HOSTILE_BODIES[place], default_model=MODEL).to_json()

    def test_stand_ins_for_a_form_are_read(self) -> None:
        form = Lists({"prompt": ["a fox"], "n": ["2"]})
        assert (
            preflight_form(Proxy(form), default_model=MODEL).payload()
            == preflight_form(form, default_model=MODEL).payload()
        )

    def test_what_raises_is_an_error(self) -> None:
        for form in (NoItems(prompt="a"), [(NoEquality(), "x")]):
            report = preflight_form(form, default_model=MODEL)
            assert rules(report) == [("body.unreadable", "")]
            assert report.errors[0].message == "the body can't be read: its items raised RuntimeError"

    def test_text_of_another_name_is_text_and_what_gives_an_integer_one(self) -> None:
        class Text(str):
            def strip(self, *_: Any) -> str:
                raise RuntimeError

        report = preflight_form(
            {Text("prompt"): Text(" a "), "n": Index(2), "size": Text(" 1:1 ")}, default_model=MODEL
        )
        assert report.payload() == {"model": MODEL, "prompt": " a ", "n": 2, "size": "1:1"}

    def test_entries_beyond_what_is_looked_at_are_read_all_the_same(self) -> None:
        form = {"model": "flux-2", "prompt": "a fox", "input_urls": [*[IMAGE] * 20, object(), "a\0"]}
        assert rules(preflight_form(form)) == [("form.file", "/input_urls/20"), ("form.characters", "/input_urls/21")]


class TestUnknownFields:
    def test_furniture_of_a_form_is_left_out(self) -> None:
        report = preflight_form(
            {
                "prompt": "-",
                "csrfmiddlewaretoken": "x",
                "csrf_token": "x",
                "submit": "go",
                "quality": "low",
                "_wpnonce": "x",
                "op": "x",
            },
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
        assert by_field(report.errors).form == ["the form has 10000 fields, but at most 1000 are read"]
        assert envelope(report) is None

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
        assert "keep Size 1:1 with Resolution 2k" in by_field(report.errors, hints=True).fields["size"][0]

    def test_entries_are_numbered_as_people_count(self) -> None:
        report = read(image_urls=[IMAGE, "ftp://x"])
        assert by_field(report.errors).fields == {"image_urls": ["image 2: image URL must be a public http(s) URL"]}
        assert line(report.errors[0], "zh") == "第 2 张图片：参考图必须是公开的 http(s) URL"

    def test_unknown_names_and_bodies_are_form_wide(self) -> None:
        report = preflight({"model": MODEL, "prompt": "-", "seed": 1}, unknown_fields="error")
        assert by_field(report.errors).form == ['unknown field "Seed"']
        assert by_field(preflight("[").errors).form[0].startswith("the body is not JSON")
        assert by_field(report.errors).to_dict() == {"non_field_errors": ['unknown field "Seed"']}
        assert by_field(report.errors).to_dict("__all__") == {"__all__": ['unknown field "Seed"']}

    @pytest.mark.parametrize("name", [name for name in FIELDS if name != "prompt"])
    @pytest.mark.parametrize(
        "value", (DATA, DATA[:40], " " + DATA[:40], "\n\t" + DATA, "data: image/png;base64,AAAA", "DATA:;base64,AAAA")
    )
    @pytest.mark.parametrize("is_list", (False, True))
    def test_data_uris_are_never_repeated(self, name: str, value: str, is_list: bool) -> None:
        body = {"model": MODEL, "prompt": "-", "image_urls": [IMAGE], name: [value] if is_list else value}
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
            "detail": "图片数量必须在 1 到 4 之间",
            "errors": [
                {"detail": "图片数量必须在 1 到 4 之间", "pointer": "#/n", "rule": "n.range", "code": 20003},
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

    def test_has_no_envelope_where_no_code_is_published(self) -> None:
        report = preflight('{"n": 1e999}')
        assert (envelope(report), report.gateway_error()) == (None, None)
        found = problem(report)
        assert found is not None
        assert "error" not in found
        assert [error["code"] for error in found["errors"]] == [None]

    def test_the_envelope_is_the_gateways(self) -> None:
        for report in (read(n="9"), read(prompt=""), preflight({"model": MODEL})):
            assert envelope(report, "r1") == report.gateway_error("r1")


class Field:
    """The part of a WTForms field that the adapter needs; the real ones are in test_adapters.py."""

    def __init__(self, short_name: str, label: str, data: Any) -> None:
        self.short_name, self.label, self.data = short_name, SimpleNamespace(text=label), data
        self.errors: Any = ()


class Form(dict[str, Any]):
    form_errors: list[str]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())


class TestWtformsWithoutWtforms:
    def test_needs_no_import(self) -> None:
        form = Form(n=Field("n", "N", "9"))
        form.form_errors = []
        add_errors(form, read(n="9", mask_url=IMAGE).errors, hints=False)
        assert form["n"].errors == ["Number of images must be between 1 and 4"]
        (message,) = form.form_errors
        assert message == "Mask requires at least one entry in Reference images (see also: Reference images)"


@pytest.mark.parametrize("language", ("en", "zh"))
@pytest.mark.parametrize(
    ("field", "value"), (("n", "two"), ("n", "9"), ("quality", "hdx"), ("size", "2k"), ("prompt", ""))
)
def test_a_label_may_be_the_name_of_a_figure(language: str, field: str, value: str) -> None:
    """Whatever a field is called, the figures of its messages stay: a label of Latin letters is one like another."""
    (finding, *_) = preflight_form({"prompt": "a fox", field: value}, default_model=MODEL).errors
    plain = line(finding, language, hints=True, labels={field: "Ding"})
    assert "Ding" in plain
    for label in ("n", "value", *finding.params):
        assert line(finding, language, hints=True, labels={field: label}) == plain.replace("Ding", label)


@pytest.mark.parametrize("label", ("Pieces:", " Pieces：", "Pieces *"))
def test_a_label_without_what_is_at_its_end(label: str) -> None:
    report = preflight_form({"prompt": "a fox", "n": "9"}, default_model=MODEL)
    assert by_field(report.errors, labels={"n": label}).fields == {"n": ["Pieces must be between 1 and 4"]}
    assert by_field(report.errors, labels={"n": " "}).fields == {"n": ["Number of images must be between 1 and 4"]}


def test_a_choice_of_several_reads_as_one_in_chinese() -> None:
    (error,) = preflight_form({"prompt": "a fox", "quality": "4k"}, default_model=MODEL).errors
    assert line(error, "zh", hints=True).endswith(
        "请改为发送分辨率“4k”，并从 16:9, 9:16, 2:1, 1:2, 21:9, 9:21 中选择尺寸，从 auto, low, medium, high 中选择质量"
    )
