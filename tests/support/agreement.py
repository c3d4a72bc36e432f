"""Where a surface does not claim to say what the engine says of a request, and why: the listed exceptions.

A gap covers the parts of an answer that may differ where it applies.  The test fails for a difference that no gap
covers, and for a gap that covers none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from reapi_rules import Report
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.models import Field, Model
from tests.support.surfaces import DEFAULT, Answer, Request

__all__ = ["GAPS", "Gap", "differences"]

SHEETS = ("CSV", "XLSX", "page, rows")
CELLS = (*SHEETS, "live workbook", "join")
ALL = ("ok", "credits", "low", "width", "height")
_AXES = ("shape", "tier", "quality", "number")
_PIXELS = re.compile("[0-9]+x[0-9]+")
_BLANKS = re.compile(r"[\s\ufeff\u200b]")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str, "word": str, "size": str, "url": str, "integer": int, "number": (int, float), "boolean": bool, "urls": list,
    "list": list, "object": dict,
}  # fmt: skip


class Gap(NamedTuple):
    """What may differ on which surfaces, when, and why."""

    surfaces: tuple[str, ...]
    parts: tuple[str, ...]
    applies: Callable[[Request, Report, Answer], bool]
    reason: str


def differences(ours: Answer, theirs: Answer) -> set[str]:
    """The parts that differ."""
    return {part for part in ALL if getattr(ours, part) != getattr(theirs, part)}


def _model(request: Request) -> Model | None:
    id = (request.body or {}).get("model") or DEFAULT
    return built_in().models.get(id) if isinstance(id, str) else None


def _given(request: Request) -> Iterator[tuple[Field, Any]]:
    """The fields of its model that a request has, with what it has there."""
    model = _model(request)
    for name, value in (request.body or {}).items():
        if model is not None and name in model.fields and value is not None:
            yield model.fields[name], value


def _addresses(request: Request) -> Iterator[str]:
    for field, value in _given(request):
        entries: list[Any] = value if isinstance(value, list) else [value]
        yield from (entry for entry in entries if field.has_addresses and isinstance(entry, str))


def always(request: Request, report: Report, answer: Answer) -> bool:
    return True


def is_blank(request: Request, report: Report, answer: Answer) -> bool:
    values = ((request.body or {}).get("model"), *(value for _, value in _given(request)))
    return any(value == [] or (isinstance(value, str) and not _BLANKS.sub("", value)) for value in values)


def is_of_another_type(request: Request, report: Report, answer: Answer) -> bool:
    model = (request.body or {}).get("model")
    return not isinstance(model, str | None) or not all(_is_of_its_type(*each) for each in _given(request))


def _is_of_its_type(field: Field, value: Any) -> bool:
    entries: list[Any] = value if field.kind == "urls" and isinstance(value, list) else []
    is_switch = isinstance(value, bool) and field.kind != "boolean"
    return isinstance(value, _TYPES[field.kind]) and not is_switch and all(isinstance(each, str) for each in entries)


def has_blanks_around(request: Request, report: Report, answer: Answer) -> bool:
    texts = (value for field, value in _given(request) if field.kind in ("word", "size") and isinstance(value, str))
    model = (request.body or {}).get("model")
    named = (model,) if isinstance(model, str) else ()
    return any(_BLANKS.match(text) or _BLANKS.match(text[-1:]) for text in (*named, *texts, *_addresses(request)))


def has_addresses_with_blanks(request: Request, report: Report, answer: Answer) -> bool:
    return any(_BLANKS.search(address.strip()) or re.search(r"[,;|]", address) for address in _addresses(request))


def says_so(request: Request, report: Report, answer: Answer) -> bool:
    return "cell." in answer.notes


def gives_no_axis(request: Request, report: Report, answer: Answer) -> bool:
    return answer.ok is None and not any(field.role in (*_AXES, "references") for field, _ in _given(request))


def is_written_otherwise(request: Request, report: Report, answer: Answer) -> bool:
    body = request.body or {}
    words: list[tuple[Any, Sequence[str]]] = [
        (value, field.choices) for field, value in _given(request) if field.kind in ("word", "size")
    ]
    words.append((body.get("model", DEFAULT), [*built_in().models]))
    return any(value not in choices and not _PIXELS.fullmatch(str(value)) for value, choices in words)


def is_free_text(request: Request, report: Report, answer: Answer) -> bool:
    return any(field.role in _AXES and field.kind == "text" for field, _ in _given(request))


def plans_nothing(request: Request, report: Report, answer: Answer) -> bool:
    return answer.ok is None and all(value in ("", [], None) for _, value in _given(request))


def is_long_list(request: Request, report: Report, answer: Answer) -> bool:
    return any(field.kind == "urls" and isinstance(value, list) and len(value) > 16 for field, value in _given(request))


def depends_on_others(request: Request, report: Report, answer: Answer) -> bool:
    """Whether a field that the surface has no column for is given or in error."""
    model = _model(request)
    priced = {"model"} | {model.roles[role] for role in _AXES if role in model.roles} if model else {"model"}
    has_others = any(field.role not in (*_AXES, "prompt", "references") for field, _ in _given(request))
    return has_others or not {error.field for error in report.errors} <= priced


def is_no_text(request: Request, report: Report, answer: Answer) -> bool:
    return not str(request.text).strip()


GAPS = (
    Gap(("schema",), ALL[1:], always, "a schema says what is valid, and knows neither prices nor pixels"),
    Gap(("schema",), ("ok",), is_long_list, "a schema can't look at the first 16 entries of a list and at no others"),
    Gap(("page, body",), ("ok",), is_no_text, "nothing is pasted yet"),
    Gap(("form", *CELLS), ALL, is_blank, "what is left blank is absent; in JSON an empty text is a value"),
    Gap(("form", *CELLS), ALL, is_of_another_type, 'what is typed is text: 2 and "2" are one'),
    Gap(("live workbook",), ALL, is_free_text, "it does not measure how long a text is"),
    Gap(
        ("live workbook", "join"), ALL, depends_on_others, "prompts, addresses and fields without a column are not read"
    ),
    Gap(("live workbook",), ALL, gives_no_axis, "a row that fills none of the workbook's columns plans nothing"),
    Gap(
        ("live workbook",),
        ALL,
        is_written_otherwise,
        "it reads the spellings that the command line reads, and has no notes",
    ),
    Gap(SHEETS, ALL, plans_nothing, "a row whose cells are blank plans nothing"),
    Gap((*SHEETS, "join"), ALL, says_so, "a cell that is read otherwise than it is written says so in the notes"),
    Gap(SHEETS, ALL, has_addresses_with_blanks, "blanks, bars and commas separate the addresses in a cell"),
    Gap(("form", *SHEETS), ALL, has_blanks_around, "blanks round a word or an address don't count"),
)
