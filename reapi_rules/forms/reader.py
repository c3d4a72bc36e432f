"""Read a form, from what browsers send to the body that the engine judges, and a body that a framework has decoded.

Coercion is strict and goes by the kind of a field.  Text becomes a number, a switch or a list where it plainly is one;
where it can't, it is left as it is, so that the engine refuses it at its field, or the form's own message says why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, Unpack

import msgspec

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.models import PRICED, Field, Model
from reapi_rules.engine.engine import Engine, Options, engine_for, stand_in
from reapi_rules.engine.quotes import Quote, price
from reapi_rules.engine.report import InvalidRequestError, Report
from reapi_rules.engine.request import effective
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding
from reapi_rules.terms.spelling import ascii_lower
from reapi_rules.terms.values import Opaque, plain_value, type_name

__all__ = [
    "BLANKS",
    "FormOptions",
    "entry_name",
    "is_blank",
    "is_trimmed",
    "own_of",
    "pairs_of",
    "preflight_decoded",
    "preflight_form",
    "quote_form",
]

BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What is trimmed from both ends of a value: blanks of every kind, also the ones of no width."""

_NUMBER = re.compile(r"(-?[0-9]{1,1000})|-?[0-9]{1,18}\.[0-9]{1,18}")  # no float overflows
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_TEXT = re.compile("[\0\ufffd\ud800-\udfff]")
_SEPARATORS = "-_;:/."
"""What WTForms takes for the end of a prefix; without one of these it adds a dash, as Django always does."""
_LIST_NAME = re.compile(r"(.+)(?:\[[0-9]{0,4}\]|[-._][0-9]{1,4})(?:[-._]url|\[url\])?", re.DOTALL)
"""An entry of a list, or the field *url* of a form that is one."""
_MODEL = Field(kind="word")
_decode, _encode = msgspec.json.Decoder().decode, msgspec.json.Encoder().encode


class _Unread(msgspec.Struct, frozen=True):
    """A value that can't be read, and the rule that says why."""

    rule: str
    params: dict[str, Any] = {}


class FormOptions(Options, total=False):
    """The options of a form, besides those of ``preflight``.

    ``prefix`` is what this form's names begin with, if several forms are sent at once; a dash is added, as WTForms and
    Django do, unless it ends in one of ``-_;:/.``.  ``names`` gives the request's name of a field by the form's.
    ``own`` are the form's own fields, which are not part of the request.
    """

    prefix: str | None
    names: Mapping[str, str]
    own: Collection[str]


def preflight_form(data: Any, **options: Unpack[FormOptions]) -> Report:
    r"""``preflight`` for a form, which sends text values, blank fields, repeated names and lists in text fields.

    >>> form = {"prompt": "a fox", "n": " 2 ", "size": "", "image_urls": "https://a.example/1.png\r\n\r\n"}
    >>> preflight_form(form, default_model="gpt-image-2-official").payload()
    {'model': 'gpt-image-2-official', 'prompt': 'a fox', 'n': 2, 'image_urls': ['https://a.example/1.png']}

    The data is a mapping, a multi-dict of Django, Werkzeug or Starlette, or a list of pairs.  The names are those of
    the form's model, and a blank field counts as absent.  A list can be one entry per line, repeated names or a JSON
    list; a check box can send ``on``, ``true``, ``1``, ``off``, ``false`` or ``0``.  Pointers count the entries that
    are left when blank ones are dropped.  Fields of the form itself, such as a CSRF token, are left out.  The options
    are those of ``preflight`` and of ``FormOptions``.
    """
    _, report, _, refused = _read(data, **options)
    errors = (*(refused.pop(error.pointer, error) for error in report.errors), *refused.values())
    return report.with_errors(errors) if errors else report


def preflight_decoded(body: Any, **options: Unpack[Options]) -> Report:
    """What ``preflight`` says of a body that a framework has decoded; what it accepts can be sent on as JSON.

    >>> body = {"model": "flux-2", "prompt": "a fox", "guidance": float("nan")}
    >>> [error.rule for error in preflight_decoded(body).errors]
    ['body.json']

    Text is no body here: browsers send it from any page, without asking.
    """
    engine = engine_for(**options)
    report = engine.preflight(None if issubclass(type(body), (str, bytes, bytearray)) else body)
    sent = report.payload() if report.ok else None
    try:
        json.dumps(sent, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:  # not a number, or half of a character
        return engine.preflight(json.dumps(dict(body), default=str))
    return report


def quote_form(data: Any, **options: Unpack[FormOptions]) -> Quote:
    """What the request of a form will cost, from what is filled in so far.

    >>> form = {"model": "gpt-image-2-official", "prompt": "", "size": "16:9", "quality": "low", "n": "2"}
    >>> quote_form(form).credits
    13

    What the price does not depend on may be missing or wrong.  Raises InvalidRequestError, which carries the report,
    if a field that the price depends on has an error.
    """
    engine, report, body, refused = _read(data, **options)
    model = engine.catalog.models.get(report.model or "")
    faulty = {error.field for error in (*report.errors, *refused.values())}
    axes = {None, *(("model",) if model is None else _axes(model))}
    if not faulty.isdisjoint(axes):
        errors = [refused.get(error.pointer, error) for error in report.errors if error.field in axes]
        raise InvalidRequestError(report.with_errors(tuple(errors)))
    if model is None:
        assert report.quote is not None
        return report.quote
    references = model.roles.get("references")
    given = {name: value for name, value in body.items() if name not in faulty}
    if references in faulty:  # whatever they are, they are there
        given |= stand_in(model, has_images=True)
    return price(effective(given, model), given, model, engine.card)


def _axes(model: Model) -> Iterator[str]:
    """The fields that a price depends on, references aside."""
    yield from (model.roles[role] for role in PRICED if role in model.roles)
    yield from model.price_fields
    yield from (name for case in model.file.price.not_published_when for name in case)


@takes(prefix=str | None, names=Mapping, own=Iterable)
def _read(
    data: Any,
    prefix: str | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
    own: Collection[str] = (),
    **options: Unpack[Options],
) -> tuple[Engine, Report, dict[Any, Any], dict[str, Finding]]:
    """The engine, what it says of a form, the body that the form means, and by pointer what can't be read in it."""
    engine, most = engine_for(**options), form_file().most_fields
    whole = engine.preflight(None)
    try:
        if (pairs := pairs_of(data)) is None:
            return engine, whole, {}, {}
        reading = _Reading(_of_request(pairs, prefix or "", names, own), engine)
    except Exception as error:  # a multi-dict or a value of the caller's own make may raise anything
        finding = engine.catalog.rules["body.unreadable"].find(detail=f"its items raised {type_name(type(error))}")
        return engine, whole.with_errors((finding,)), {}, {}
    if reading.names > most:
        finding = form_rules()["form.too_many_fields"].find(count=reading.names, maximum=most)
        return engine, whole.with_errors((finding,)), {}, {}
    return engine, engine.preflight(reading.body), reading.body, reading.refused


def _of_request(
    pairs: Iterable[tuple[Any, list[Any]]], prefix: str, names: Mapping[str, str], own: Collection[str]
) -> Iterator[tuple[Any, list[Any]]]:
    """The pairs of one form by the request's names, without the fields of its own."""
    own = {*own, *(set(names.values()) - set(names))}
    if prefix and prefix[-1] not in _SEPARATORS:
        prefix += "-"
    for name, values in pairs:
        if issubclass(type(name), str):
            name = str.__str__(name)
            if not name.startswith(prefix):
                continue
            name = name[len(prefix) :]
            base, entry = entry_name(name)
            if name in names or base not in {*names, *own}:
                base, entry = name, ""
            if base in own:
                continue
            name = names.get(base, base) + entry
        yield name, values


def is_blank(value: Any) -> bool:
    """Whether a value of a form counts as not given: None, or nothing but blanks."""
    return value is None or (issubclass(type(value), str) and not str.strip(value, BLANKS))


def is_trimmed(field: Field) -> bool:
    """Whether the blanks round a value do not count: in everything but free text."""
    return field.kind != "text" or bool(field.offers)


def own_of(fields: Iterable[str], names: Mapping[str, str], catalog: Catalog) -> set[str]:
    """The fields of a form that are no field of any model: its own.

    >>> from reapi_rules.catalog.catalog import built_in
    >>> own_of(["text", "size", "campaign"], {"text": "prompt"}, built_in())
    {'campaign'}
    """
    known = {"model", *(name for model in catalog.models.values() for name in model.fields)}
    return {name for name in fields if names.get(name, name) not in known}


class _Reading:
    """A form as the ``body`` that it means, with the findings on what can't be read by pointer: ``refused``."""

    def __init__(self, pairs: Iterable[tuple[Any, list[Any]]], engine: Engine) -> None:
        self.body: dict[Any, Any] = {}
        self.refused: dict[str, Finding] = {}
        form = _together(pairs)
        self.names: int = int("model" in form)
        self._read("model", _MODEL, form.pop("model", []))
        id = self.body.get("model", engine.default_model)
        model = engine.catalog.models.get(id) if type(id) is str else None
        fields = {} if model is None else model.fields
        in_order = sorted(form, key=lambda name: _number(name, fields))
        named = _together((_name(name, fields), form[name]) for name in in_order)
        self.names += len(named)
        for name, values in named.items() if self.names <= form_file().most_fields else ():
            if name in fields:
                self._read(name, fields[name], values)
            elif name not in form_file().furniture and (given := _as_they_are(values)):
                self.body[name] = given[0] if len(given) == 1 else given

    def _read(self, name: str, field: Field, values: list[Any]) -> None:
        value = _value(field, values)
        if field.kind == "list" and type(value) is list:  # nobody looks at its entries
            value = next((entry for entry in value if type(entry) is _Unread), value)
        if field.kind == "urls" and type(value) is list:
            value = [self._refuse(entry, name, index) for index, entry in enumerate(value)]
        if value is not None:
            self.body[name] = self._refuse(value, name)

    def _refuse(self, value: Any, name: str, index: int | None = None) -> Any:
        """The value; for one that can't be read something that the engine does not take either."""
        if type(value) is not _Unread:
            return value
        finding = form_rules()[value.rule].find(name=name, index=index, **value.params)
        self.refused[finding.pointer] = finding
        return value


def _together(pairs: Iterable[tuple[Any, list[Any]]]) -> dict[Any, list[Any]]:
    """The values of every name, in the order of the form."""
    found: dict[Any, list[Any]] = {}
    for name, values in pairs:
        found.setdefault(name, []).extend(values)
    return found


def entry_name(name: str) -> tuple[str, str]:
    """The name of a list and what is behind it, where a name may be that of an entry.

    >>> [entry_name(name) for name in ("image_urls[0]", "image_urls-12", "image_urls_1", "image_urls-0-url", "n")]
    [('image_urls', '[0]'), ('image_urls', '-12'), ('image_urls', '_1'), ('image_urls', '-0-url'), ('n', '')]
    """
    match = _LIST_NAME.fullmatch(name)
    return (match[1], name[len(match[1]) :]) if match else (name, "")


def _name(name: Any, fields: Mapping[str, Field]) -> Any:
    """The field that a name is of: ``image_urls[]`` and ``image_urls-0`` are entries of a list."""
    base = name if name in fields or type(name) is not str else entry_name(name)[0]
    return base if base in fields and fields[base].kind in ("urls", "list") else name


def _number(name: Any, fields: Mapping[str, Field]) -> int:
    """The number of an entry of a list, by which lists are in order; 0 for every other name."""
    entry = entry_name(name)[1] if _name(name, fields) != name else ""
    return int(entry.strip("[]-._url") or 0)


def pairs_of(data: Any) -> Iterable[tuple[Any, list[Any]]] | None:
    """Names with lists of values, from whichever shape has them; None for what is not a form at all."""
    if callable(lists := getattr(data, "lists", None)):  # Django, Werkzeug
        return [(name, list(values)) for name, values in lists()]
    if callable(multi_items := getattr(data, "multi_items", None)):  # Starlette
        return [(name, [value]) for name, value in multi_items()]
    if issubclass(type(data), Mapping):
        return [(name, list(value) if _is_list(value) else [value]) for name, value in data.items()]
    if _is_list(data) and all(_is_list(pair) and len(pair) == 2 for pair in data):
        return [(name, [value]) for name, value in data]
    return None


def _is_list(value: Any) -> bool:
    return issubclass(type(value), (list, tuple))


def _plain(value: Any) -> Any:
    """A value as JSON has it: text of bytes, or why it is none."""
    if issubclass(type(value), (bytes, bytearray)):
        value = bytes(value).decode(errors="replace")
    if issubclass(type(value), str):
        value = str.__str__(value)
        return _Unread("form.characters") if _NOT_TEXT.search(value) else value
    if issubclass(type(value), (dict, list, tuple)):
        return _decoded(value, _Unread("form.file"))
    plain = plain_value(value)
    if type(plain) is not Opaque:
        return plain
    return None if _is_no_file(value) else _Unread("form.file")


def _is_no_file(value: Any) -> bool:
    """Whether a value is what a browser sends for a file input if no file was chosen: a file without a name."""
    try:
        name = value.filename  # Werkzeug, Starlette; Django leaves such a file out itself
        return name == "" or (name is None and not value)
    except Exception:  # an object of the caller's own make may raise anything
        return False


def _as_they_are(values: Iterable[Any]) -> list[Any]:
    """The values of a name that is no field of the model: the engine says what becomes of them."""
    pairs = ((value, _plain(value)) for value in values)
    return [value if type(plain) is _Unread else plain for value, plain in pairs if not is_blank(plain)]


def _value(field: Field, values: Iterable[Any]) -> Any:
    """The value of a field as JSON has it; None where it is blank."""
    given = [value for value in map(_plain, values) if not is_blank(value)]
    if field.kind in ("urls", "list"):
        return _entries(given)
    if len(given) > 1:
        return _Unread("form.repeated", {"count": len(given)})
    if not given or type(given[0]) is not str:
        return given[0] if given else None
    text = given[0].strip(BLANKS) if is_trimmed(field) else _LINE_END.sub("\n", given[0])
    match = _NUMBER.fullmatch(text) if field.kind in ("integer", "number") else None
    if match and (match[1] or field.kind == "number"):
        return int(text) if match[1] else float(text)
    if field.kind == "boolean":
        return form_file().switches.get(ascii_lower(text), text)
    return _decoded(text, text) if field.kind == "object" and text.startswith("{") else text


def _entries(given: list[Any]) -> Any:
    """The entries of a list: of one JSON list, or of every line of every value."""
    if len(given) == 1 and type(given[0]) is str and (text := given[0].strip(BLANKS)).startswith("["):
        value = _decoded(text, _Unread("form.list"))
        return list(map(_plain, value)) if type(value) is list else value
    lines = (_LINE_END.split(value) if type(value) is str else [value] for value in given)
    found = [line.strip(BLANKS) if type(line) is str else line for line in chain(*lines) if not is_blank(line)]
    return found or None


def _decoded(value: Any, otherwise: Any) -> Any:
    """The JSON value that a text holds, or that a list or an object of the caller's is; else the other."""
    try:
        return _decode(value if type(value) is str else _encode(value))
    except Exception:  # what is in a list may raise anything
        return otherwise
