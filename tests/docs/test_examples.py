"""The example applications, through their frameworks' own test clients, and the adapters on real forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from reapi_rules.forms import preflight_form
from tests.support.examples import DATA, IMAGE, MODEL, example, need
from tests.support.schema_tools import ROOT

GOOD = {
    "prompt": "a fox",
    "resolution": "2k",
    "size": "16:9",
    "quality": "high",
    "n": "2",
    "image_urls": "",
    "mask_url": "",
}
BAD = {**GOOD, "prompt": "", "resolution": "4k", "size": "1:1", "n": "three", "image_urls": f"{IMAGE}\r\n{DATA}"}


HOSTILE: list[tuple[str, bytes]] = [
    ("10,000 fields", "&".join(f"f{number}=1" for number in range(10_000)).encode()),
    ("10,000 nested names", "&".join(f"size[a][{number}]=1" for number in range(10_000)).encode()),
    ("the same name 10,000 times", b"&".join([b"size=1:1"] * 10_000) + b"&prompt=x"),
    ("the same list name 10,000 times", b"&".join([b"image_urls=https://a.example/"] * 10_000) + b"&prompt=x"),
    ("a prompt of 4 MB", b"prompt=" + b"x" * 4_000_000),
    ("a size of 400 kB", b"prompt=x&size=" + b"9:" * 200_000),
    ("a list of 400 kB", b"prompt=x&image_urls=" + b"[" * 400_000),
    ("a number of 400 kB", b"prompt=x&n=" + b"9" * 400_000),
    ("a null byte", b"prompt=a%00b"),
    ("a null byte in a name", b"pro%00mpt=a"),
    ("bytes that are not UTF-8", b"prompt=&size=%ff%fe"),
    ("raw bytes that are not UTF-8", b"prompt=\xff\xfe&size=\xff"),
    ("no form at all", b"\x00\x01\x02"),
    ("nothing", b""),
    ("percent signs", b"prompt=x&size=100%25&quality=%25(x)s%25"),
    ("nested names of a form library", b"prompt=&image_urls-%C2%B2=x&image_urls-" + b"9" * 5000 + b"=y"),
    ("a data: URI", b"prompt=x&image_urls=" + DATA.encode()),
]


def english(page: str) -> set[str]:
    """The English words that a page shows, but for names, what was typed and what is sent."""
    shown = re.sub(r"(?s)<(script|style|pre|textarea).*?</\1>|<!.*?>|<[^>]*>", " ", page)
    return {*re.findall(r"[A-Za-z]{3,}", shown)} - {
        "reAPI",
        "URL",
        "URI",
        "JSON",
        "http",
        "https",
        "data",
        "auto",
        "high",
    }


class TestDjango:
    @pytest.fixture
    def client(self) -> Iterator[Any]:
        need("django")
        example("django_app")
        from django.test import Client
        from django.test.utils import setup_test_environment, teardown_test_environment
        from django.utils.translation import override

        setup_test_environment()
        with override("en"):  # a request leaves its language to the thread
            yield Client()
        teardown_test_environment()

    def test_a_form_is_shown_and_accepted(self, client: Any) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert '<option value="21:9">21:9 landscape</option>' in page.content.decode()
        answer = client.post("/", GOOD)
        assert answer.status_code == 200
        assert "759 credits" in answer.content.decode()
        assert "2048 × 1152 pixels" in answer.content.decode()

    def test_errors_stand_at_their_fields(self, client: Any) -> None:
        answer = client.post("/", BAD)
        assert answer.status_code == 400
        form = answer.context["form"]
        assert list(form.errors) == ["prompt", "size", "n", "image_urls"]
        assert form.has_error("size", "size.needs_widescreen")
        assert form.errors["size"][0].endswith("or keep Size 1:1 with Resolution 2k")
        assert "(see also: Resolution)" in form.errors["size"][0]
        assert form.errors["image_urls"][0].startswith("image 2: ")
        assert "AAAA" not in json.dumps(form.errors)

    def test_messages_are_in_djangos_language(self, client: Any) -> None:
        answer = client.post("/", BAD, headers={"Accept-Language": "zh-hans"})
        assert answer.context["form"].errors["n"] == ["图片数量必须是整数；请发送数字 3"]

    def test_the_page_speaks_the_readers_language(self, client: Any) -> None:
        for form in ({}, BAD, {**GOOD, "quality": "auto"}):
            spoken = {"Accept-Language": "zh-hans"}
            answer = client.post("/", form, headers=spoken) if form else client.get("/", headers=spoken)
            assert english(answer.content.decode()) == set()
        assert english(client.get("/", headers={"Accept-Language": "de"}).content.decode()) > {"Prompt", "Mask"}

    @pytest.mark.parametrize("body", [body for _, body in HOSTILE], ids=[name for name, _ in HOSTILE])
    def test_hostile_forms_are_a_400(self, client: Any, body: bytes) -> None:
        answer = client.post("/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert b"A" * 100 not in answer.content.partition(b"errorlist")[2].partition(b"</ul>")[0]

    def test_names_that_the_form_lacks_are_form_wide(self) -> None:
        need("django")
        example("django_app")
        from django import forms

        from reapi_rules.forms.django import add_errors

        form = forms.Form({})
        assert form.is_valid()
        add_errors(form, preflight_form({"n": "100%", "x%s": "1"}, default_model=MODEL, unknown_fields="error").errors)
        assert list(form.errors) == ["__all__"]
        assert [str(error) for error in form.non_field_errors()] == [
            "Prompt is required; describe the picture in Prompt",
            "Number of images must be an integer; send a whole number, or leave Number of images out",
            'unknown field "x%s"; leave it out: this model has no such parameter',
        ]


class TestFlask:
    @pytest.fixture
    def client(self) -> Any:
        need("flask", "wtforms")
        return example("flask_app").app.test_client()

    def test_a_form_is_shown_and_accepted(self, client: Any) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert '<option value="21:9">21:9 landscape</option>' in page.text
        answer = client.post("/", data=GOOD)
        assert answer.status_code == 200
        assert "759 credits" in answer.text

    def test_errors_stand_at_their_fields(self, client: Any) -> None:
        answer = client.post("/", data=BAD)
        assert answer.status_code == 400
        for name, message in (
            ("prompt", "Prompt is required"),
            ("size", "4K requires an explicit Size in"),
            ("n", "Number of images must be an integer"),
            ("image_urls", "image 2: image URL must be a public"),
        ):
            assert f'id="{name}-errors"><li>{message}' in answer.text
        assert "AAAA" not in answer.text.partition('id="image_urls-errors"')[2]

    def test_messages_are_in_the_readers_language(self, client: Any) -> None:
        answer = client.post("/", data=BAD, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        assert "图片数量必须是整数" in answer.text

    def test_the_page_speaks_the_readers_language(self, client: Any) -> None:
        for form in ({}, BAD, {**GOOD, "quality": "auto"}):
            spoken = {"Accept-Language": "zh-CN,zh;q=0.9"}
            answer = client.post("/", data=form, headers=spoken) if form else client.get("/", headers=spoken)
            assert english(answer.text) == set()
        assert english(client.get("/", headers={"Accept-Language": "de"}).text) > {"Prompt", "Mask"}

    @pytest.mark.parametrize("body", [body for _, body in HOSTILE], ids=[name for name, _ in HOSTILE])
    def test_hostile_forms_are_a_400(self, client: Any, body: bytes) -> None:
        answer = client.post("/", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400


class TestFastapi:
    @pytest.fixture(scope="class")
    @classmethod
    def client(cls) -> Any:
        need("fastapi", "httpx2", "python_multipart")
        from fastapi.testclient import TestClient

        return TestClient(example("fastapi_app").app)

    def test_the_page_and_its_data(self, client: Any) -> None:
        assert "novalidate>" in client.get("/").text
        assert client.get("/static/picture.js").status_code == 200
        module = client.get("/reapi-rules/reapi-rules.data.mjs")
        assert (module.status_code, module.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
        assert client.get("/reapi-rules/module.py").status_code == 404
        assert client.get("/choices.json").json()["format"] == "reapi-choices/2"

    def test_a_form_is_accepted(self, client: Any) -> None:
        answer = client.post("/pictures", data={**GOOD, "model": MODEL})
        assert answer.status_code == 200
        assert answer.json()["quote"]["credits"] == 759
        assert answer.json()["payload"] == {
            "model": MODEL,
            "prompt": "a fox",
            "size": "16:9",
            "resolution": "2k",
            "quality": "high",
            "n": 2,
        }

    def test_errors_are_fastapis_own(self, client: Any) -> None:
        answer = client.post("/pictures", data={**BAD, "model": MODEL, "prompt": "long " * 1000})
        assert answer.status_code == 422
        detail = answer.json()["detail"]
        assert [(error["type"], error["loc"]) for error in detail] == [
            ("prompt.max_length", ["body", "prompt"]),
            ("size.needs_widescreen", ["body", "size"]),
            ("n.type", ["body", "n"]),
            ("image_urls.data_uri", ["body", "image_urls", 1]),
        ]
        assert detail[1]["ctx"]["related"] == ["resolution"]
        assert detail[1]["ctx"]["code"] == 20003
        assert detail[2]["msg"] == "Number of images must be an integer"
        assert [error["input"] for error in detail] == ["long " * 16 + "…", "1:1", "three", "data:…"]

    def test_messages_are_in_the_readers_language(self, client: Any) -> None:
        answer = client.post("/pictures", data={**BAD, "model": MODEL}, headers={"Accept-Language": "zh"})
        assert answer.json()["detail"][2]["msg"] == "图片数量必须是整数"

    def test_the_json_endpoint_answers_as_reapi_would(self, client: Any) -> None:
        url = "/api/v1/images/generations"
        assert (
            client.post(url, json={"model": MODEL, "prompt": "-", "n": 2, "quality": "low"}).json()["quote"]["credits"]
            == 10
        )
        answer = client.post(url, json={"model": MODEL, "prompt": "-", "n": 9})
        assert answer.status_code == 400
        assert answer.json() == {"error": {"code": 20003, "message": "n must be between 1 and 4", "request_id": None}}
        for body in (
            b"",
            b"\xff",
            b"[]",
            b"{" + b'"a":1,' * 10_000 + b'"b":1}',
        ):
            answer = client.post(url, content=body)
            assert answer.status_code == 400
            assert list(answer.json()["error"]) == ["code", "message", "request_id"]

    @pytest.mark.parametrize("body", (b"[" * 100_000, b'{"n": 1' + b"0" * 5000 + b"}"), ids=("deep", "a huge number"))
    def test_the_json_endpoint_says_what_has_no_code(self, client: Any, body: bytes) -> None:
        """reAPI's own envelope has a code; where none is published, the answer is problem details."""
        answer = client.post("/api/v1/images/generations", content=body)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert [(error["rule"], error["code"]) for error in answer.json()["errors"]] == [("body.unreadable", None)]
        assert "error" not in answer.json()

    @pytest.mark.parametrize("body", [body for _, body in HOSTILE], ids=[name for name, _ in HOSTILE])
    def test_hostile_forms_are_refused(self, client: Any, body: bytes) -> None:
        answer = client.post("/pictures", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code in (400, 413, 422)  # Starlette's own limits, the example's, and a wrong form
        assert answer.json()["detail"]
        assert len(answer.content) < 10_000

    @pytest.mark.parametrize(
        "body", (b"", b"\xff", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n")
    )
    def test_broken_multipart_forms_are_refused(self, client: Any, body: bytes) -> None:
        answer = client.post("/pictures", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code in (400, 422)

    def test_files_are_refused(self, client: Any) -> None:
        answer = client.post("/pictures", data={"prompt": "-", "model": MODEL}, files={"image_urls": ("a.png", b"x")})
        assert [(error["type"], error["loc"]) for error in answer.json()["detail"]] == [
            ("form.file", ["body", "image_urls", 0])
        ]


class TestDocs:
    @pytest.mark.parametrize("page", ("forms-django", "forms-flask", "forms-fastapi", "browser"))
    def test_code_on_a_page_is_code_of_the_examples(self, page: str) -> None:
        examples = ROOT / "docs" / "examples"
        code = [path.read_text("utf-8") for path in (*examples.glob("*_app.py"), *examples.glob("static/*.js"))]
        text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
        blocks = re.findall(r"^```(?:py|js)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert blocks
        for block in blocks:
            assert any(block in each for each in code) or "ajv/dist/2020" in block, block
