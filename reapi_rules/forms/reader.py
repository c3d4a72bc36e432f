"""Read a form: from what browsers send to the body that the engine judges.

Coercion is strict.  Text becomes a number or a list where it plainly is one; where it can't, the value is left as it
is or replaced by a stand-in, so that the engine refuses it at its field, and the form's own message says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from reapi_rules.terms.once import once
from typing import Any, Literal

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.catalog.rates import RateCard
from reapi_rules.engine.body import FIELDS
from reapi_rules.engine.engine import preflight
from reapi_rules.engine.report import Report
from reapi_rules.engine.warnings import UnknownFields
from reapi_rules.catalog.rules import Rule
from reapi_rules.terms.findings import Finding

__all__ = ["BLANKS", "form_rules", "is_blank", "preflight_form"]

BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What is trimmed from both ends of a value: blanks of every kind, also the ones of no width."""

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_TEXT = re.compile("[\0\ufffd\ud800-\udfff]")
_LIST_NAME = re.compile(r"image_urls(?:\[[0-9]{0,4}\]|-[0-9]{1,4})")
_decode = msgspec.json.Decoder().decode


class _FormFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``data/forms.json``."""

    format: Literal["reapi-forms/1"]
    source: dict[str, str]
    most_fields: int
    furniture: tuple[str, ...]
    rules: tuple[Rule, ...]


class _Refused:
    """Stands in the body for a value that can't be read, and knows what the form says about it."""

    def __init__(self, find: Callable[[str], Finding]) -> None:
        self.find = find


def preflight_form(
    data: Any,
    *,
    default_model: str | None = None,
    rates: RateCard | Iterable[RateCard] | None = None,
    as_of: date | None = None,
    unknown_fields: UnknownFields = "warn",
    catalog: Catalog | None = None,
) -> Report:
    r"""What ``preflight`` says of a form: of text values, blank fields, repeated names and lists in a text field.

    >>> form = {"prompt": "a fox", "n": " 2 ", "size": "", "image_urls": "https://a.example/1.png\r\n\r\n"}
    >>> preflight_form(form, default_model="gpt-image-2-official").payload()
    {'model': 'gpt-image-2-official', 'prompt': 'a fox', 'n': 2, 'image_urls': ['https://a.example/1.png']}

    The data is a mapping, a multi-dict of Django, Werkzeug or Starlette, or a list of pairs.  A blank field counts as
    absent; ``image_urls`` takes one URL a line, repeated names and a JSON list.  Pointers count the URLs that are
    left when blank ones are dropped.  Fields of the form itself, such as a CSRF token, are left out.
    """
    form, rules = _form_file(), (catalog or built_in()).rules
    try:
        fields = _collect(data)
    except Exception as error:  # a multi-dict of the caller's own make may raise anything
        return Report().with_errors([rules["body.unreadable"].find(detail=f"its items raised {type(error).__name__}")])
    if fields is None:
        return Report().with_errors([rules["body.object"].find()])
    if len(fields) > form.most_fields:
        finding = form_rules()["form.too_many_fields"].find(count=len(fields), maximum=form.most_fields)
        return Report().with_errors([finding])
    body = {
        name: value
        for name, values in fields.items()
        if name not in form.furniture and (value := _read(name, values)) is not None
    }
    report = preflight(
        body, default_model=default_model, rates=rates, as_of=as_of, unknown_fields=unknown_fields, catalog=catalog
    )
    return report if report.ok else report.with_errors(_explained(error, body) for error in report.errors)


def is_blank(value: Any) -> bool:
    """Whether a value of a form counts as not given: None, or nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def form_rules() -> dict[str, Rule]:
    """The rules that only a form can break, by id."""
    return {rule.id: rule for rule in _form_file().rules}


@once
def _form_file() -> _FormFile:
    return msgspec.json.decode(data_file("forms.json"), type=_FormFile)


def _collect(data: Any) -> dict[Any, list[Any]] | None:
    """The values of every name, in the order of the form; None for what is no form at all."""
    fields: dict[Any, list[Any]] = {}
    pairs = _pairs(data)
    if pairs is None:
        return None
    for name, values in pairs:
        if isinstance(name, str) and _LIST_NAME.fullmatch(name):
            name = "image_urls"
        fields.setdefault(name, []).extend(values)
    return fields


def _pairs(data: Any) -> Iterable[tuple[Any, list[Any]]] | None:
    """Names with lists of values, from whichever shape has them."""
    if callable(lists := getattr(data, "lists", None)):  # Django, Werkzeug
        return [(name, list(values)) for name, values in lists()]
    if callable(multi_items := getattr(data, "multi_items", None)):  # Starlette
        return [(name, [value]) for name, value in multi_items()]
    if isinstance(data, Mapping):
        return [(name, list(v) if isinstance(v, (list, tuple)) else [v]) for name, v in data.items()]
    if isinstance(data, (list, tuple)) and all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in data):
        return [(name, [value]) for name, value in data]
    return None


def _read(name: Any, values: list[Any]) -> Any:
    """The value of a field as JSON has it; None where it is blank."""
    given = [value for value in map(_text, values) if not is_blank(value)]
    if name == "image_urls":
        return _urls(given)
    if not given:
        return None
    if len(given) > 1:
        return _refuse("form.repeated", count=len(given))
    value = given[0]
    if not isinstance(value, str) or name not in FIELDS:
        return value
    if name == "prompt":
        return _LINE_END.sub("\n", value)
    value = value.strip(BLANKS)
    return int(value) if name == "n" and _INTEGER.fullmatch(value) else value


def _text(value: Any) -> Any:
    """The value itself; bytes as text; a stand-in for what no form field can hold as text."""
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).decode("utf-8", "replace")
    if isinstance(value, str):
        return _refuse("form.characters") if _NOT_TEXT.search(value) else value
    if value is None or isinstance(value, (int, float, list, tuple, dict)):
        return value
    return _refuse("form.file")


def _urls(given: list[Any]) -> Any:
    """The list of URLs: of one JSON list, or of every line of every value."""
    if len(given) == 1 and isinstance(given[0], str) and given[0].strip(BLANKS).startswith("["):
        try:
            return list(map(_text, _decode(given[0].strip(BLANKS))))
        except (msgspec.DecodeError, RecursionError):
            return _refuse("form.list")
    return list(_lines(given)) or None


def _lines(given: Iterable[Any]) -> Iterator[Any]:
    for value in given:
        if isinstance(value, str):
            yield from (line.strip(BLANKS) for line in _LINE_END.split(value) if not is_blank(line))
        else:
            yield value


def _refuse(rule: str, **params: Any) -> _Refused:
    def find(pointer: str) -> Finding:
        _, name, *index = pointer.split("/")
        return form_rules()[rule].find(name=name, index=int(index[0]) if index else None, **params)

    return _Refused(find)


def _explained(error: Finding, body: Mapping[Any, Any]) -> Finding:
    """The form's own finding where the engine refused a stand-in, else the engine's."""
    if error.field not in FIELDS:
        return error
    value = body.get(error.field)
    if isinstance(value, list) and error.pointer.count("/") == 2:
        value = value[int(error.pointer.rpartition("/")[2])]
    return value.find(error.pointer) if isinstance(value, _Refused) else error
