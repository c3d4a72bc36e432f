"""The rulebook, restated the slow and obvious way.

The tests compare the package with this file.  It shares no code and no data with the package: every word, bound, number and
rule row is written out from the rulebook, here and in ``oracle_models.py``.  Where a sentence of the rulebook can be read in
two ways, a comment that begins with "Reading:" says which one was taken.

Covered: sections 1 to 8 and 10 for all 18 models and the ids without rules: body and model, errors, warnings and notes,
``effective``, ``payload``, mode, dimensions and quote, of a body (``oracle_report``) and of the axes of a quote
(``oracle_axes``); the certainty, code, place and value of each finding; the messages that the page words; the ``params``
that the rulebook names (bounds, ``split``, ``more``).  Not covered: wording of our own, hints and patches, section 9, and how
cards are read or linted.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import math
import numbers
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.oracle_models import (
    CONSTRAINTS,
    FIELDS,
    MODELS,
    OFFICIAL,
    OFFICIAL_FIELDS,
    PAGE_MODELS,
    PRICES,
    QUALITIES,
    RATIOS,
    SIBLING,
    SIZE_WORDS,
    TIERS,
    UNSUPPORTED,
    WITHOUT_RULES,
    Constraint,
    Field,
)

__all__ = [
    "FIELD_ORDER",
    "MODELS",
    "OFFICIAL",
    "QUALITIES",
    "RATIOS",
    "SIBLING",
    "SIZE_WORDS",
    "TIERS",
    "ascii_lower",
    "cell_edges",
    "is_list",
    "nearest_cell",
    "oracle_axes",
    "oracle_credits",
    "oracle_dimensions",
    "oracle_float_sensitive",
    "oracle_report",
    "plain",
]

FIELD_ORDER = ("model", *OFFICIAL_FIELDS)
"""The page's field order."""

DIGITS = "0123456789"

# --------------------------------------------------------------------------------
# Section 2: input
# --------------------------------------------------------------------------------


class NotJsonError(Exception):
    """The text is not UTF-8 JSON."""


class UnreadableError(Exception):
    """The text has JSON syntax, but can't be read."""


SURROGATE, ASTRAL = re.compile("[\ud800-\udfff]"), re.compile("[\U00010000-\U0010ffff]")


def has_surrogate(text: str) -> bool:
    return SURROGATE.search(text) is not None


def is_a(value: Any, *kinds: type) -> bool:
    """Whether the value's own type is one of these; what its ``__class__`` says is not asked."""
    return issubclass(type(value), kinds)


def is_list(value: Any) -> bool:
    return is_a(value, list, tuple)


def is_text(value: Any) -> bool:
    return type(value) is str


def plain(value: Any) -> Any:
    """A value of a mapping as JSON has it: text, a number, true, false, null; lists, mappings and all else as they are."""
    # Reading: what is text, a number or a list by its type is that, also when it has an ``__index__`` besides.
    if value is None or type(value) is bool:
        return value
    if is_a(value, str):
        return str.__str__(value)
    if is_a(value, int):
        return int.__index__(value)
    if is_a(value, float):
        return float.__float__(value)
    if is_list(value) or is_a(value, Mapping) or is_numpy_bool(value):
        return value
    try:
        return operator.index(value)
    except Exception:  # it has no __index__, or one that raises
        pass
    # Reading: a number of another type, such as numpy's float32 or a Decimal, is the double that equals it.
    # Its NaN, which equals nothing, is that of a double.
    try:
        is_double = is_a(value, numbers.Real, Decimal) and (float(value) == value or math.isnan(value))
        return float(value) if is_double else value
    except Exception:
        return value


def is_numpy_bool(value: Any) -> bool:
    # Reading: numpy's bool is no integer, and no boolean either: no JSON encoder would write it as true or false.
    return type(value).__module__ == "numpy" and type(value).__name__ in ("bool", "bool_")


def entries_of(value: Any) -> list[Any]:
    """The entries of a list or a tuple, plain."""
    kind = list if is_a(value, list) else tuple
    return [plain(entry) for entry in kind.__iter__(value)]


def ascii_lower(text: str) -> str:
    result = ""
    for character in text:
        result += chr(ord(character) + 32) if "A" <= character <= "Z" else character
    return result


def refuse_constant(name: str) -> Any:
    raise NotJsonError(name)


def integer_or_infinity(digits: str) -> Any:
    """An integer that Python's own reader gives up on (more than 4,300 digits) is marked by an infinity."""
    if len(digits.lstrip("-")) > 4300:
        return math.inf
    return int(digits)


def check_readable(decoded: Any) -> None:
    """Raises UnreadableError for a number beyond a double or a lone surrogate, anywhere in the text."""
    waiting = [decoded]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and has_surrogate(value):
            raise UnreadableError("lone surrogate")
        if isinstance(value, float) and math.isinf(value):
            raise UnreadableError("number out of range")
        if isinstance(value, (list, tuple)):
            waiting.extend(value)


def levels(text: str) -> int:
    """How many lists and objects are open at once, at most."""
    level = most = 0
    in_string = escaped = False
    for sign in text:
        if in_string:
            in_string = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign in "[{":
            level += 1
            most = max(most, level)
        elif sign in "]}":
            level -= 1
        else:
            in_string = sign == '"'
    return most


def read_text(body: bytes | str) -> Any:
    """RFC 8259: no NaN; of a repeated key the last counts; one leading byte-order mark is skipped."""
    if isinstance(body, bytes):
        try:
            text = body.decode("utf-8", "strict")
        except UnicodeDecodeError as error:
            raise NotJsonError("not UTF-8") from error
    else:
        text = str.__str__(body)
        if has_surrogate(text):
            raise NotJsonError("not UTF-8")
    text = text.removeprefix("\ufeff")
    if text.count("[") + text.count("{") > 900 and levels(text) > 900:
        raise UnreadableError("too deep")
    try:
        # First with the pairs of an object as a list, so that a repeated key hides nothing from the check.
        with_all_pairs = json.loads(
            text,
            parse_constant=refuse_constant,
            parse_int=integer_or_infinity,
            object_pairs_hook=lambda pairs: pairs,
        )
        check_readable(with_all_pairs)
        return json.loads(text, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise NotJsonError("syntax") from error
    except RecursionError as error:
        raise UnreadableError("too deep") from error


class Request:
    """The body of a request: what each key of text holds, and every key in the order of the body."""

    def __init__(self, items: Iterable[tuple[Any, Any]]) -> None:
        self.values: dict[str, Any] = {}
        self.keys: list[tuple[str, bool, Any]] = []  # name, is the key a text, value
        position: dict[str, int] = {}
        for key, given in items:
            value = plain(given)
            if not is_a(key, str):
                self.keys.append((name_of_key(key), False, value))
                continue
            name = plain(key)
            self.values[name] = value
            if name in position:
                self.keys[position[name]] = (name, True, value)
            else:
                position[name] = len(self.keys)
                self.keys.append((name, True, value))

    def value(self, name: str) -> Any:
        return self.values.get(name)

    def is_given(self, name: str) -> bool:
        """Section 10: present, not null, not an empty text, not an empty list."""
        value = self.value(name)
        if value is None or (is_text(value) and value == ""):
            return False
        return not is_list(value) or len(entries_of(value)) > 0

    def word(self, name: str) -> str | None:
        """The word of a field; of resolution in lower case."""
        value = self.value(name)
        if not is_text(value):
            return None
        return ascii_lower(value) if name == "resolution" else str(value)

    def number(self, name: str) -> int | None:
        return integral(self.value(name))

    def entries(self, name: str) -> list[Any]:
        """The entries of a list field; none when it is absent or no list."""
        value = self.value(name)
        return entries_of(value) if is_list(value) else []

    def resolution(self) -> str:
        """The effective resolution of a page model, when the field is not in error."""
        return self.word("resolution") or "1k"


def name_of_key(key: Any) -> str:
    """The name of a key that is no text: what a JSON encoder would write, else the name of its type."""
    key = plain(key)
    if key is None or type(key) is bool:
        return {None: "null", True: "true", False: "false"}[key]
    if type(key) is int:
        return decimal_text(key)
    if type(key) is float:
        return float_text(key)
    return type(key).__name__


def decimal_text(number: int) -> str:
    """The decimal digits of an integer of any length."""
    if number < 0:
        return "-" + decimal_text(-number)
    chunks: list[str] = []
    while number >= 10**1000:
        number, low = divmod(number, 10**1000)
        chunks.insert(0, str(low).rjust(1000, "0"))
    return str(number) + "".join(chunks)


def integer_of(digits: str) -> int:
    """The number that a text of ASCII digits of any length writes."""
    number = 0
    for start in range(0, len(digits), 1000):
        chunk = digits[start : start + 1000]
        number = number * 10 ** len(chunk) + int(chunk)
    return number


def float_text(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return repr(number)


def integral(value: Any) -> int | None:
    """The integer that a number with an integral value is; None for everything else."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    return None


# --------------------------------------------------------------------------------
# Section 8: how a value, a pointer and a finding are shown
# --------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Each lone surrogate becomes six characters: backslash, u and four hexadecimal digits."""
    return SURROGATE.sub(lambda lone: f"\\u{ord(lone[0]):04x}", text)


def shown(value: Any) -> Any:
    """The ``value`` of a finding."""
    value = plain(value)
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        # Reading: cut first, escape then, so that the cut counts the characters of the value itself.
        return escaped(value[:200])
    if type(value) is int:
        return value if -(2**63) <= value <= 2**64 - 1 else decimal_text(value)[:200]
    if type(value) is float:
        return float_text(value) if math.isnan(value) or math.isinf(value) else value
    if is_list(value):
        return "array"
    if is_a(value, Mapping):
        return "object"
    # Reading: what is no JSON value at all is shown as the name of its type, like a key of that kind.
    return type(value).__name__


def pointer_to(name: str) -> str:
    """RFC 6901."""
    return "/" + escaped(name.replace("~", "~0").replace("/", "~1"))


def finding(
    rule: str,
    level: str,
    certainty: str,
    code: int | None,
    field: str | None,
    value: Any,
    *,
    index: int | None = None,
    related: Sequence[str] = (),
    params: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A finding without the wording; ``params`` holds those that the rulebook names."""
    pointer = "" if field is None else pointer_to(field)
    if index is not None:
        pointer += f"/{index}"
    return {
        "rule": rule,
        "level": level,
        "certainty": certainty,
        "code": code,
        "field": None if field is None else escaped(field),
        "pointer": pointer,
        "related": list(related),
        "value": shown(value),
        "params": dict(params or {}),
    }


# --------------------------------------------------------------------------------
# Section 3: URLs, by plain text
# --------------------------------------------------------------------------------


def trimmed(url: str) -> str:
    """The value without leading and trailing characters up to U+0020."""
    start = 0
    end = len(url)
    while start < end and url[start] <= " ":
        start += 1
    while end > start and url[end - 1] <= " ":
        end -= 1
    return url[start:end]


def is_data_uri(url: str) -> bool:
    return ascii_lower(trimmed(url)[:5]) == "data:"


def host_and_rest(url: str) -> tuple[str, str] | None:
    """The host and what follows it in the authority; None when the text is not http(s)."""
    text = trimmed(url)
    if ascii_lower(text[:7]) == "http://":
        text = text[7:]
    elif ascii_lower(text[:8]) == "https://":
        text = text[8:]
    else:
        return None
    authority = ""
    for character in text:
        if character in "/?#\\":
            break
        authority += character
    if "@" in authority:
        authority = authority[authority.rindex("@") + 1 :]
    if authority.startswith("["):
        end = authority.index("]") + 1 if "]" in authority else len(authority)
    else:
        end = authority.index(":") if ":" in authority else len(authority)
    return authority[:end], authority[end:]


def is_http_url_with_host(url: str) -> bool:
    parts = host_and_rest(url)
    return parts is not None and parts[0] != ""


# --------------------------------------------------------------------------------
# Section 3: the body and the model
# --------------------------------------------------------------------------------


def body_error(rule: str, certainty: str, code: int | None, value: Any) -> dict[str, Any]:
    """Rows 1 to 3."""
    return finding(rule, "error", certainty, code, None, value)


def model_error(given: Any, default_model: Any) -> dict[str, Any] | None:
    """Rows 4 to 6."""
    value = model_value(given, default_model)
    if value is None or (is_text(value) and value == ""):
        return finding("model.required", "error", "inferred", 20002, "model", given)
    if not is_text(value):
        return finding("model.type", "error", "inferred", 20003, "model", value)
    if value not in MODELS and value not in WITHOUT_RULES:
        return finding("model.unknown", "error", "inferred", 20004, "model", value)
    return None


def model_value(given: Any, default_model: Any) -> Any:
    """A default model applies where model is absent, null or empty."""
    # Reading: a default model that is itself the empty string is no default model.
    if given is None or (is_text(given) and given == ""):
        return given if default_model in (None, "") else plain(default_model)
    return given


# --------------------------------------------------------------------------------
# Section 3 and 10: the checks of a field by its kind
# --------------------------------------------------------------------------------


class Fault(NamedTuple):
    """A check that a field does not pass, the value to show, and which entry of a list it is."""

    check: str
    value: Any
    entry: int | None = None


ENTRIES_LOOKED_AT = 16


def faults_of(field: Field, value: Any, name: str) -> list[Fault]:
    """What is wrong with a field by itself.  One finding per cause; a wrong type silences the other checks."""
    if field.required and (value is None or (is_text(value) and value == "")):
        return [Fault("required", value)]
    if value is None:
        return []
    if not has_kind(field.kind, value):
        return [Fault("type", value)]
    if field.kind == "text":
        return text_faults(field, value)
    if field.kind in ("word", "size"):
        return [] if spelling(field, name, value) is not None else [Fault("unknown", value)]
    if field.kind == "integer":
        number = integral(value)
        assert number is not None
        too_small = field.least is not None and number < field.least
        too_large = field.most is not None and number > field.most
        return [Fault("range", value)] if too_small or too_large else []
    if field.kind == "url":
        # Section 3: an empty mask counts as absent; section 10: so does any optional URL.
        return [] if value == "" else url_faults(value)
    if field.kind == "urls":
        return list_faults(field, value)
    return []  # a boolean is true or false; of arrays and objects only the type is judged


def has_kind(kind: str, value: Any) -> bool:
    if kind in ("text", "word", "size", "url"):
        return is_text(value)
    if kind == "integer":
        return integral(value) is not None
    if kind == "boolean":
        return type(value) is bool
    if kind in ("urls", "array"):
        return is_list(value)
    # Reading: any mapping is an object, as it is for the body itself, if it can be read.
    if not is_a(value, Mapping):
        return False
    try:
        list(value.items())
    except Exception:  # such as one whose items raise
        return False
    return True


def text_faults(field: Field, text: str) -> list[Fault]:
    """Too short by its UTF-16 units, too long by its code points: of two readings the milder."""
    # Reading: an optional text that is empty (a prompt of wan) is too short, not absent: only an optional URL is.
    if field.least is not None and utf16_length(text) < field.least:
        return [Fault("min_length", text)]
    if field.most is not None and len(text) > field.most:
        return [Fault("max_length", text)]
    return []


def spelling(field: Field, name: str, text: str) -> str | None:
    """The word as the file spells it; None when it is none of the field's words.  Only resolution ignores ASCII case."""
    for word in field.words:
        if text == word or (name == "resolution" and ascii_lower(text) == ascii_lower(word)):
            return word
    return text if field.kind == "size" and is_pixel_string(text) else None


def is_pixel_string(text: str) -> bool:
    return re.fullmatch(r"[0-9]+x[0-9]+", text) is not None


def list_faults(field: Field, value: Any) -> list[Fault]:
    """How many entries, then entry by entry; each entry has one fault at most."""
    entries = entries_of(value)
    faults: list[Fault] = []
    if field.least is not None and len(entries) < field.least:
        faults.append(Fault("min_items", value))
    if field.most is not None and len(entries) > field.most:
        faults.append(Fault("max_items", value))
    for index, entry in enumerate(entries[:ENTRIES_LOOKED_AT]):
        if not is_text(entry):
            faults.append(Fault("item_type", entry, index))
            continue
        faults += [fault._replace(entry=index) for fault in url_faults(entry)]
    return faults


def url_faults(url: str) -> list[Fault]:
    if is_data_uri(url):
        return [Fault("data_uri", url)]
    if not is_http_url_with_host(url):
        return [Fault("not_http", url)]
    return []


def utf16_length(text: str) -> int:
    return len(text) + len(ASTRAL.findall(text))


# --------------------------------------------------------------------------------
# Section 3 and 10: all findings of the model's file, in order
# --------------------------------------------------------------------------------

PAGE_ROWS: tuple[tuple[str, ...], ...] = (
    ("prompt.required",),
    ("prompt.type",),
    ("prompt.max_length",),
    ("size.type",),
    ("size.unknown",),
    ("resolution.type",),
    ("resolution.unknown",),
    ("size.needs_widescreen",),
    ("n.type",),
    ("n.range",),
    ("image_urls.type",),
    ("image_urls.max_items",),
    ("mask_url.type",),
    ("mask_url.needs_image",),
    ("image_urls.item_type", "image_urls.data_uri", "image_urls.not_http"),  # rows 21 to 23, entry by entry
    ("mask_url.data_uri",),
    ("mask_url.not_http",),
    ("quality.type", "quality.unknown"),
    ("background.type", "background.unknown"),
    ("moderation.type", "moderation.unknown"),
)
"""Rows 7 to 28 of section 3: the order of the errors of the page's models."""

DOCUMENTED = (
    "prompt.required", "prompt.max_length", "size.unknown", "resolution.unknown", "size.needs_widescreen", "n.range",
    "image_urls.max_items", "mask_url.needs_image", "image_urls.data_uri", "mask_url.data_uri", "quality.unknown",
    "background.unknown", "moderation.unknown",
)  # fmt: skip
"""The rules of rows 7 to 28 that the page documents, for the official model; the others are inferred."""


def certainty_of(rule: str, model: str, value: Any) -> str:
    if model != OFFICIAL or rule not in DOCUMENTED:
        return "inferred"  # the sibling's page was not read; section 10 is inferred at most
    if rule == "size.needs_widescreen":
        return "inferred" if is_text(value) and is_pixel_string(value) else "documented"
    name, _, check = rule.partition(".")
    if check == "unknown":
        # An unknown value that differs from an allowed one only in case or in surrounding blanks.
        tidied = ascii_lower(value).strip()
        return "documented" if spelling(OFFICIAL_FIELDS[name], name, tidied) is None else "inferred"
    return "documented"


def code_of(rule: str) -> int:
    if rule.endswith(".required"):
        return 20002
    return 20007 if rule == "prompt.max_length" else 20003


def judged(request: Request, model: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The errors and the warnings of the model's own file."""
    faults = {name: faults_of(field, request.value(name), name) for name, field in FIELDS[model].items()}
    found: list[dict[str, Any]] = []
    for name, field in FIELDS[model].items():
        for fault in faults[name]:
            level = "warning" if fault.check == field.warns else "error"
            params = range_params(request, model, name) if fault.check == "range" else {}
            found.append(told(f"{name}.{fault.check}", level, model, name, fault.value, fault.entry, params=params))
        # Each constraint after the checks of the field that it blames.
        for constraint in CONSTRAINTS.get(model, ()):
            if constraint.field == name and not is_silent(constraint, model, faults) and constraint.is_broken(request):
                # Reading: as in section 3, ``related`` points at the other fields that the constraint reads.
                related = [pointer_to(other) for other in constraint.others]
                found.append(told(constraint.rule, constraint.level, model, name, request.value(name), related=related))
    errors = [each for each in found if each["level"] == "error"]
    warnings = [each for each in found if each["level"] == "warning"]
    if model in PAGE_MODELS:
        errors.sort(key=lambda error: row_of(error["rule"]))  # stable: entry by entry within rows 21 to 23
    return errors, warnings


def is_silent(constraint: Constraint, model: str, faults: Mapping[str, Sequence[Fault]]) -> bool:
    """A constraint is silent when a field that it reads is in error, the blamed one included."""
    # Reading: a field with a warning only (an unknown word, too many pictures on flux) is not in error.
    # Reading: a mask that is itself faulty and has no image gives both findings, for section 3 silences only by type.
    for name in (constraint.field, *constraint.others):
        for fault in faults[name]:
            if constraint.silenced_by == "type" and fault.check != "type":
                continue
            if fault.check != FIELDS[model][name].warns:
                return True
    return False


def told(
    rule: str,
    level: str,
    model: str,
    field: str,
    value: Any,
    index: int | None = None,
    *,
    related: Sequence[str] = (),
    params: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    code = code_of(rule) if level == "error" else None
    certainty = certainty_of(rule, model, value)
    return finding(rule, level, certainty, code, field, value, index=index, related=related, params=params)


def row_of(rule: str) -> int:
    return next(number for number, rules in enumerate(PAGE_ROWS) if rule in rules)


def range_params(request: Request, model: str, name: str) -> dict[str, Any]:
    """The bounds, and for a number of pictures beyond them how to split the batch."""
    field = FIELDS[model][name]
    params: dict[str, Any] = {"minimum": field.least, "maximum": field.most}
    number = request.number(name)
    assert number is not None
    if field.role == "number" and field.most is not None and number > field.most:
        # Reading: parts that give no other warning, so on wan 4 unless the sequence mode is on.
        part = field.most
        if field.most > 4 and request.value("enable_sequential") is not True:
            part = 4
        # Reading: what would need more than ten parts has no split.
        if number <= 10 * part:
            params["split"] = [part] * (number // part) + [number % part] * (number % part > 0)
    return params


def message_of(error: Mapping[str, Any], request: Request, model: str) -> str | None:
    """The text that the rulebook fixes, in section 3; None for the rules whose wording is our own."""
    # Reading: the texts of section 3 are the page's, so they are fixed for the page's models only.
    if model not in PAGE_MODELS:
        return None
    # Reading: the two texts that are untrue for the sibling (pixels, 1 and 4) are not fixed for it.
    rule = error["rule"]
    fixed = {
        "prompt.required": "prompt is required",
        "prompt.max_length": "prompt must be at most 4000 characters",
        "size.needs_widescreen": "4K requires an explicit size in {16:9, 9:16, 2:1, 1:2, 21:9, 9:21}",
        "image_urls.max_items": "image_urls accepts at most 16 entries",
        "mask_url.needs_image": "mask_url requires at least one entry in image_urls",
        "image_urls.data_uri": "image URL must be a public http(s) URL — data: URIs are rejected",
        "mask_url.data_uri": "mask_url must be a public URL — data: URIs are rejected",
    }
    if rule in fixed:
        return fixed[rule]
    if rule == "n.range" and model == OFFICIAL:
        return "n must be between 1 and 4"
    allowed = {
        "resolution.unknown": "1k, 2k, 4k",
        "quality.unknown": "auto, low, medium, high",
        "background.unknown": "auto, opaque, transparent",
        "moderation.unknown": "auto, low",
    }
    if model == OFFICIAL:
        allowed["size.unknown"] = (
            "1:1, 16:9, 9:16, 4:3, 3:4, 3:2, 2:3, 5:4, 4:5, 2:1, 1:2, 21:9, 9:21, auto, or WxH pixels"
        )
    if rule in allowed:
        field = rule.removesuffix(".unknown")
        quoted = escaped(request.value(field)[:80])
        return f'invalid {field} "{quoted}" (allowed: {allowed[rule]})'
    return None


# --------------------------------------------------------------------------------
# Section 4: warnings and notes
# --------------------------------------------------------------------------------

KEYS_NAMED = 20
"""Of ``field.unknown`` so many keys are named; one more finding says how many others there are."""


def key_class(name: str, is_key_text: bool, value: Any, model: str) -> str | None:
    """Which of the four field.* rules a key of the body gives: the first that applies."""
    fields = FIELDS[model]
    if is_key_text and name == "model":
        return None
    if not is_key_text or name not in fields:
        is_unsupported = model == SIBLING and is_key_text and name in UNSUPPORTED
        return "field.unsupported" if is_unsupported else "field.unknown"
    if value is None:
        return None if fields[name].required else "field.null"
    if fields[name].kind == "url" and is_text(value) and value == "":
        return "field.empty"
    return None


def unknown_keys(request: Request, model: str, level: str, code: int | None) -> list[dict[str, Any]]:
    """``field.unknown``, in the order of the body's keys: the first 20, then how many more."""
    # Reading: the cap holds for the errors of unknown_fields="error" as well, and the code for the last one too.
    found = [
        finding("field.unknown", level, "unspecified", code, name, value)
        for name, is_key_text, value in request.keys
        if key_class(name, is_key_text, value, model) == "field.unknown"
    ]
    more = len(found) - KEYS_NAMED
    if more > 0:
        last = finding("field.unknown", level, "unspecified", code, None, None, params={"more": more})
        found = [*found[:KEYS_NAMED], last]
    return found


def holds_ratio(prompt: str) -> bool:
    """Whether one of the 13 ratios is in the prompt on its own."""
    # Reading: "a digit" around the ratio is an ASCII digit, as in the ratio itself.
    for ratio in RATIOS:
        start = prompt.find(ratio)
        while start != -1:
            before = prompt[start - 1] if start > 0 else " "
            after = prompt[start + len(ratio) :]
            preceded = before in DIGITS + ":."
            followed = after[:1] != "" and after[0] in DIGITS + ":"
            decimals = len(after) >= 2 and after[0] == "." and after[1] in DIGITS
            if not (preceded or followed or decimals):
                return True
            start = prompt.find(ratio, start + 1)
    return False


def is_blank_or_control(character: str) -> bool:
    number = ord(character)
    return number <= 0x20 or 0x7F <= number <= 0xA0 or number in (0x2028, 0x2029, 0x3000)


def is_malformed(url: str) -> bool:
    if any(is_blank_or_control(character) for character in url):
        return True
    parts = host_and_rest(url)
    assert parts is not None, "only asked of an http(s) URL"
    host, rest = parts
    if host.startswith("[") and not host.endswith("]"):
        return True
    if rest in ("", ":"):
        return False
    port = rest[1:]
    if not rest.startswith(":") or not all(character in DIGITS for character in port):
        return True
    return integer_of(port) > 65535


PRIVATE_IPV4 = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
)
PRIVATE_IPV6 = ("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8", "2001:db8::/32")


def is_private_ipv4(address: ipaddress.IPv4Address) -> bool:
    return any(address in ipaddress.IPv4Network(network) for network in PRIVATE_IPV4)


def is_private_ipv6(text: str) -> bool:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    if any(address in ipaddress.IPv6Network(network) for network in PRIVATE_IPV6):
        return True
    return address.ipv4_mapped is not None and is_private_ipv4(address.ipv4_mapped)


def quad(host: str) -> ipaddress.IPv4Address | None:
    """The address that a dotted quad of numbers up to 255 writes."""
    # Reading: leading zeros are ignored, the numbers are decimal.
    parts = host.split(".")
    if len(parts) != 4:
        return None
    numbers: list[int] = []
    for part in parts:
        if part == "" or not all(character in DIGITS for character in part) or integer_of(part) > 255:
            return None
        numbers.append(integer_of(part))
    return ipaddress.IPv4Address(bytes(numbers))


def is_private_host(url: str) -> bool:
    parts = host_and_rest(url)
    assert parts is not None, "only asked of an http(s) URL"
    host = parts[0].lower().removesuffix(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    if "." not in host and "[" not in host and "]" not in host:
        return True
    if all(character in DIGITS + "." for character in host):
        address = quad(host)
        return address is None or is_private_ipv4(address)
    if host.startswith("[") and host.endswith("]"):
        return is_private_ipv6(host[1:-1])
    return False


def section_4(
    request: Request, model: str, errors: Sequence[Mapping[str, Any]], unknown_fields: str
) -> list[dict[str, Any]]:
    """The warnings and notes of section 4, in the order of its table.

    A field in error gives none of its own.  For the models of section 10 only some of the rows exist.
    """
    warnings: list[dict[str, Any]] = []
    in_error = {error["field"] for error in errors}
    fields = FIELDS[model]
    has_page = model in PAGE_MODELS

    def add(rule: str, level: str, certainty: str, field: str, value: Any, index: int | None = None) -> None:
        if model != OFFICIAL and certainty == "documented":
            certainty = "inferred"
        warnings.append(finding(rule, level, certainty, None, field, value, index=index))

    # The four rules about keys, each in the order of the body's keys.
    if unknown_fields == "warn":
        warnings += unknown_keys(request, model, "warning", None)
    for rule, level, certainty in (
        ("field.unsupported", "warning", "inferred"),
        ("field.null", "note", "unspecified"),
        ("field.empty", "note", "unspecified"),
    ):
        if rule == "field.unsupported" and unknown_fields == "ignore":
            continue
        for name, is_key_text, value in request.keys:
            # Reading: a null size at 4k is in error, so it does not give field.null as well.
            if key_class(name, is_key_text, value, model) == rule and name not in in_error:
                add(rule, level, certainty, name, value)

    prompt = request.value("prompt")
    if prompt is not None and "prompt" not in in_error:
        most = fields["prompt"].most
        assert most is not None
        if prompt.isspace():
            add("prompt.blank", "warning", "unspecified", "prompt", prompt)
        if utf16_length(prompt) > most:
            add("prompt.utf16_length", "warning", "unspecified", "prompt", prompt)
        if has_page and holds_ratio(prompt):
            add("prompt.restates_ratio", "note", "documented", "prompt", prompt)

    if has_page and "size" not in in_error:
        size = request.value("size")
        if size == "auto" and model == OFFICIAL:  # the sibling is not priced by size
            add("size.auto_price", "note", "documented", "size", size)
        if size is not None and is_pixel_string(size):
            add("size.snapped", "note", "documented", "size", size)
            if size.replace("x", ":") in RATIOS:
                add("size.looks_like_ratio", "warning", "inferred", "size", size)
        if size is None and "image_urls" not in in_error and request.entries("image_urls"):
            add("size.mirrors_reference", "note", "documented", "size", None)

    if model == OFFICIAL and "quality" not in in_error:
        quality = request.value("quality")
        if quality is None:
            add("quality.auto_bills_high", "warning", "documented", "quality", None)
        elif quality == "auto":
            add("quality.auto_bills_high", "note", "documented", "quality", quality)

    # Reading: the note is about n alone; another integer (a seed) may be 2.0 without a word.
    if "n" in fields and "n" not in in_error and type(request.value("n")) is float:
        add("n.integral_float", "note", "unspecified", "n", request.value("n"))

    tests: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("malformed", is_malformed, "unspecified"),
        ("private_host", is_private_host, "inferred"),
    )
    for rule, test, certainty in tests:
        for name, field in fields.items():
            urls = [] if name in in_error else urls_of(request, name, field)
            first = next((number for number, url in enumerate(urls) if test(url)), None)
            if first is not None:
                add(f"{name}.{rule}", "warning", certainty, name, urls[first], first if field.kind == "urls" else None)

    if model == OFFICIAL and "background" not in in_error and request.value("background") == "transparent":
        add("background.transparent_downgraded", "warning", "documented", "background", "transparent")
    if model == OFFICIAL and "mask_url" not in in_error and request.is_given("mask_url"):
        add("mask_url.unchecked", "note", "documented", "mask_url", request.value("mask_url"))
    return warnings


def urls_of(request: Request, name: str, field: Field) -> list[str]:
    """The URLs of a field that is not in error."""
    if field.kind == "urls":
        # Reading: of a list without a limit the warnings look at the first 16 entries too.
        return request.entries(name)[:ENTRIES_LOOKED_AT]
    return [request.value(name)] if field.kind == "url" and request.is_given(name) else []


# --------------------------------------------------------------------------------
# Sections 5 and 10: what the gateway will use (effective), and what to send (payload)
# --------------------------------------------------------------------------------


def mode_of(request: Request, model: str) -> str:
    if model == OFFICIAL and request.is_given("mask_url"):
        return "inpainting"
    for name, field in FIELDS[model].items():
        if field.role == "references" and request.is_given(name):
            return "image_to_image"
    return "text_to_image"


def is_absent(field: Field, value: Any) -> bool:
    """Section 2: missing, null, or an optional URL that is empty."""
    return value is None or (field.kind == "url" and value == "")


def sent(field: Field, name: str, value: Any) -> Any:
    """The value of a known field as it is sent: words in the file's spelling, integers as integers."""
    if field.kind == "word":
        # Reading: a word that the list does not have (a warning) is sent as it was given.
        return spelling(field, name, value) or value
    if field.kind == "integer":
        # Reading: every integer, not just n.
        return integral(value)
    return unwrapped(value)


def unwrapped(value: Any) -> Any:
    """A value of a mapping in JSON's own types at every depth, as far as it has any."""
    value = plain(value)
    if is_list(value):
        return [unwrapped(entry) for entry in entries_of(value)]
    if is_a(value, Mapping):
        try:
            return {plain(key): unwrapped(inner) for key, inner in value.items()}
        except Exception:  # a mapping of the caller's own make may raise anything
            return value
    return value


def payload_of(request: Request, model: str) -> dict[str, Any]:
    """The caller's own fields, tidied; texts as they were given.  Only without errors."""
    payload: dict[str, Any] = {"model": model}
    for name, field in FIELDS[model].items():
        value = request.value(name)
        if not is_absent(field, value):
            payload[name] = sent(field, name, value)
    if model not in PAGE_MODELS:
        # Section 10: unknown fields stay in, the server may know them.
        # Reading: as they came, also when null; but a key that is no text can't be sent, and stays out.
        for name, is_key_text, value in request.keys:
            if is_key_text and name not in payload and key_class(name, is_key_text, value, model) == "field.unknown":
                payload[name] = unwrapped(value)
    return payload


def effective_of(request: Request, model: str) -> dict[str, Any]:
    """The parameters of the model, in the order of its fields.  Only without errors."""
    effective: dict[str, Any] = {"model": escaped(model)}
    for name, field in FIELDS[model].items():
        value = request.value(name)
        if not is_absent(field, value):
            # Reading: "the given fields" are those that do not count as absent, so that they are the payload's.
            effective[name] = readable(sent(field, name, value))
        elif field.default is not None:
            effective[name] = field.default
        elif model in PAGE_MODELS:
            effective[name] = [] if field.kind == "urls" else None
        elif field.role == "number":
            effective[name] = 1
    if model in PAGE_MODELS and request.value("size") is None and request.entries("image_urls"):
        effective["size"] = None  # it mirrors the first reference
    return effective


def readable(value: Any) -> Any:
    """A value of ``effective``, which is for reading: like the value of a finding, but whole."""
    # Reading: what JSON does not have, or not at this length, is shown as in a finding.
    if type(value) is str:
        return escaped(value)
    if type(value) is list:
        return [readable(entry) for entry in value]
    if type(value) is dict:
        return {readable_key(key): readable(inner) for key, inner in value.items()}
    return shown(value)


def readable_key(key: Any) -> str:
    return escaped(key) if type(key) is str else name_of_key(key)


# --------------------------------------------------------------------------------
# Section 6: dimensions
# --------------------------------------------------------------------------------

LANDSCAPE = {
    "1:1": {"1k": (1024, 1024), "2k": (2048, 2048)},
    "3:2": {"1k": (1536, 1024), "2k": (2048, 1360)},
    "4:3": {"1k": (1024, 768), "2k": (2048, 1536)},
    "5:4": {"1k": (1280, 1024), "2k": (2560, 2048)},
    "16:9": {"1k": (1536, 864), "2k": (2048, 1152), "4k": (3840, 2160)},
    "2:1": {"1k": (2048, 1024), "2k": (2688, 1344), "4k": (3840, 1920)},
    "21:9": {"1k": (2016, 864), "2k": (2688, 1152), "4k": (3840, 1648)},
}


def cell_edges(ratio: str, tier: str) -> tuple[int, int] | None:
    """Width and height of a cell; the portrait twin swaps the two numbers."""
    if ratio in LANDSCAPE:
        return LANDSCAPE[ratio].get(tier)
    across, down = ratio.split(":")
    twin = LANDSCAPE[f"{down}:{across}"].get(tier)
    return None if twin is None else (twin[1], twin[0])


def edges_of(pixels: str) -> tuple[int, int]:
    width, height = pixels.split("x")
    return integer_of(width), integer_of(height)


def distance(first: Fraction, second: Fraction) -> Fraction:
    """max(a/b, b/a)."""
    return max(first / second, second / first)


def exact_cell(width: int, height: int) -> tuple[str, str] | None:
    """The cell with exactly these edges, at any tier."""
    for ratio in RATIOS:
        for tier in TIERS:
            if cell_edges(ratio, tier) == (width, height):
                return ratio, tier
    return None


def nearest_cell(width: int, height: int) -> tuple[str, str]:
    """First the nearest ratio, then of its cells the one with the nearest number of pixels."""
    best_ratio = ""
    best = None
    for ratio in RATIOS:
        across, down = ratio.split(":")
        off = distance(Fraction(width, height), Fraction(int(across), int(down)))
        if best is None or off < best:
            best_ratio, best = ratio, off
    best_tier = ""
    best = None
    for tier in TIERS:
        edges = cell_edges(best_ratio, tier)
        if edges is None:
            continue
        off = distance(Fraction(width * height), Fraction(edges[0] * edges[1]))
        if best is None or off < best:
            best_tier, best = tier, off
    return best_ratio, best_tier


def pixel_cell(pixels: str) -> tuple[str, str, bool] | None:
    """The ratio and the tier that a pixel string snaps to, and whether its edges are exactly that cell's."""
    width, height = edges_of(pixels)
    if width == 0 or height == 0:
        return None
    cell = exact_cell(width, height)
    if cell is not None:
        return cell[0], cell[1], True
    ratio, tier = nearest_cell(width, height)
    return ratio, tier, False


def no_dimensions(reason: str) -> dict[str, Any]:
    return {"width": None, "height": None, "certainty": None, "reason": reason}


def oracle_dimensions(size_word_or_pixels: str | None, resolution: str, model: str = OFFICIAL) -> dict[str, Any]:
    """The dimensions of a size at a resolution; a size of None mirrors the first reference image."""
    if model not in PAGE_MODELS:
        return no_dimensions("not_published")
    size = None if size_word_or_pixels is None else str.__str__(size_word_or_pixels)
    if size is None:
        return no_dimensions("mirrors_reference")
    if size == "auto":
        return no_dimensions("server_picks")
    if size in RATIOS:
        edges = cell_edges(size, ascii_lower(resolution))
        certainty = "documented"
    elif is_pixel_string(size):
        cell = pixel_cell(size)
        if cell is None:
            return no_dimensions("not_a_dimension")
        edges = cell_edges(cell[0], cell[1])
        certainty = "documented" if cell[2] else "inferred"
    else:
        raise ValueError(f"no size: {size!r}")
    if edges is None:
        raise ValueError(f"no cell for {size!r} at {resolution!r}")
    return {
        "width": edges[0],
        "height": edges[1],
        "certainty": certainty if model == OFFICIAL else "inferred",
        "reason": None,
    }


# --------------------------------------------------------------------------------
# Sections 7 and 10: price
# --------------------------------------------------------------------------------


def oracle_credits(per_image: str, n: int) -> int:
    """ceil(per_image_usd x n x 1000), exact; the ceiling is taken once, on the whole request."""
    return math.ceil(Fraction(per_image) * n * 1000)


def oracle_float_sensitive(per_image: str, n: int) -> bool:
    """Whether the formula, evaluated left to right in IEEE doubles, gives another number."""
    return math.ceil(float(per_image) * n * 1000) != oracle_credits(per_image, n)


def day(text_or_date: Any) -> datetime.date:
    if isinstance(text_or_date, datetime.datetime):
        return text_or_date.date()
    if isinstance(text_or_date, datetime.date):
        return text_or_date
    return datetime.date.fromisoformat(text_or_date)


def card_in_force(cards: Sequence[Mapping[str, Any]], as_of: Any) -> Mapping[str, Any] | None:
    """The newest effective_from that is not after the date; the newest of all without a date."""
    eligible = [card for card in cards if as_of is None or day(card["effective_from"]) <= day(as_of)]
    if not eligible:
        return None
    newest = max(day(card["effective_from"]) for card in eligible)
    tied = [card for card in eligible if day(card["effective_from"]) == newest]
    # Of equal dates the one that replaces the other.
    standing = []
    for card in tied:
        others = [other for other in tied if other is not card]
        if not any(other.get("replaces") == card["id"] for other in others):
            standing.append(card)
    if not standing:
        standing = tied
    # Then the newest checked_on. Reading: then the later one of the sequence, for cards are appended.
    best = standing[0]
    for card in standing[1:]:
        if day(card["checked_on"]) >= day(best["checked_on"]):
            best = card
    return best


def tier_cells(tier: str, quality: str) -> list[str]:
    """The cells of every ratio that has dimensions at this tier, in the size order."""
    return [f"{ratio}@{tier}_{quality}" for ratio in RATIOS if cell_edges(ratio, tier) is not None]


class Plan(NamedTuple):
    """What a price depends on, before any card is asked."""

    basis: str
    certainty: str
    reason: str | None
    cells: list[str]


def page_plan(effective: Mapping[str, Any], model: str) -> Plan:
    """The row of section 7's table that applies."""
    size = effective["size"]
    tier = effective["resolution"]
    if model == SIBLING:
        return Plan("exact", "inferred", None, [tier])
    quality = "high" if effective["quality"] == "auto" else effective["quality"]
    if size is None:
        return Plan("bounded", "inferred", "size_mirrors_reference", tier_cells(tier, quality))
    if size == "auto":
        return Plan("exact", "documented", None, tier_cells(tier, quality))
    if size in RATIOS:
        return Plan("exact", "documented", None, [f"{size}@{tier}_{quality}"])
    cell = pixel_cell(size)
    if cell is not None and cell[2] and cell[1] == tier:
        return Plan("exact", "inferred", None, [f"{cell[0]}@{tier}_{quality}"])
    cells = tier_cells(tier, quality)
    if cell is not None and f"{cell[0]}@{cell[1]}_{quality}" not in cells:
        cells.append(f"{cell[0]}@{cell[1]}_{quality}")
    return Plan("bounded", "inferred", "pixel_size", cells)


def file_plan(request: Request, model: str) -> Plan:
    """Section 10: the price key names an axis, or is flat."""
    price = PRICES[model]
    cells = list(price.words)
    basis, reason = "exact", None
    if price.axis is not None:
        field = FIELDS[model][price.axis]
        value = request.value(price.axis)
        # Reading: absent is missing or null; an empty word is one that the key does not know.
        if value is None and field.default is not None:
            cells = [field.default]
        elif value is None:
            basis, reason = "bounded", "uncertain_default"
        elif spelling(field, price.axis, value) in price.words:
            cells = [spelling(field, price.axis, value) or ""]
        else:
            # Reading: when a price is also not published, the unknown value is named, as it comes first in the rulebook.
            return Plan("unknown", "inferred", "unknown_value", [])
    if price.not_published_with is not None:
        name, unpriced = price.not_published_with
        if request.value(name) == unpriced:
            return Plan("unknown", "inferred", "not_published", [])
    return Plan(basis, "inferred", reason, cells)


def billed_n(request: Request, model: str) -> int:
    """How many images are billed: a model that bills one a request has n 1."""
    if model not in PAGE_MODELS and not PRICES[model].bills_n:
        return 1
    n = request.number("n")
    return 1 if n is None else n


def quote_of(request: Request, model: str, cards: Sequence[Mapping[str, Any]], as_of: Any) -> dict[str, Any]:
    plan = page_plan(effective_of(request, model), model) if model in PAGE_MODELS else file_plan(request, model)
    n = billed_n(request, model)
    card = card_in_force(cards, as_of)
    prices: Mapping[str, str] = {} if card is None else card["usd_per_image"].get(model, {})
    missing = [cell for cell in plan.cells if cell not in prices]
    if missing:
        return unknown_quote(plan.certainty, "no_rate", n, card, missing)
    if plan.basis == "unknown":
        return unknown_quote(plan.certainty, plan.reason, n, card)
    # The highest cell; of equal ones the first.
    highest = plan.cells[0]
    cheapest = plan.cells[0]
    for cell in plan.cells[1:]:
        if Fraction(prices[cell]) > Fraction(prices[highest]):
            highest = cell
        if Fraction(prices[cell]) < Fraction(prices[cheapest]):
            cheapest = cell
    basis, reason = plan.basis, plan.reason
    # Reading: "same cost" is the same price per image, not credits that happen to be equal.
    if reason == "uncertain_default" and Fraction(prices[cheapest]) == Fraction(prices[highest]):
        basis, reason = "exact", None
    bill = oracle_credits(prices[highest], n)
    return {
        "basis": basis,
        "certainty": plan.certainty,
        "credits": bill,
        "credits_low": bill if basis == "exact" else oracle_credits(prices[cheapest], n),
        "usd": f"{bill // 1000}.{bill % 1000:03d}",
        "per_image_usd": prices[highest],
        "n": n,
        "cell": highest,
        "reason": reason,
        "missing": [],
        "float_sensitive": oracle_float_sensitive(prices[highest], n),
        "rate_card": named(card),
    }


def unknown_quote(
    certainty: str, reason: str | None, n: int | None, card: Mapping[str, Any] | None, missing: Sequence[str] = ()
) -> dict[str, Any]:
    return {
        "basis": "unknown",
        "certainty": certainty,
        "credits": None,
        "credits_low": None,
        "usd": None,
        "per_image_usd": None,
        "n": n,
        "cell": None,
        "reason": reason,
        "missing": list(missing),
        "float_sensitive": False,
        "rate_card": named(card),
    }


def named(card: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if card is None else {key: card[key] for key in ("id", "effective_from", "checked_on")}


# --------------------------------------------------------------------------------
# Section 8: the report
# --------------------------------------------------------------------------------


def report_of(model: str | None, errors: list[dict[str, Any]], warnings: list[dict[str, Any]]) -> dict[str, Any]:
    """What a report says when there is an error, and no message is the page's."""
    return {
        "ok": not errors,
        "model": model,
        "mode": None,
        "errors": errors,
        "warnings": warnings,
        "effective": None,
        "dimensions": None,
        "quote": None,
        "messages": [None for _ in errors],
        "payload": None,
    }


def items_of(body: Any) -> list[tuple[Any, Any]] | dict[str, Any]:
    """The keys and values of the body, or the error that it is."""
    if is_a(body, bytes, bytearray, memoryview):
        # Reading: bytearray and memoryview are bytes.
        body = bytes(body)
    if is_a(body, bytes, str):
        try:
            body = read_text(body)
        except NotJsonError:
            return body_error("body.json", "inferred", 20001, None)
        except UnreadableError:
            # Reading: which texts a decoder gives up on is the decoder's own affair; this one gives up on numbers beyond a
            # double, integers of more than 4,300 digits, deep nesting and lone surrogate escapes, wherever they are.
            return body_error("body.unreadable", "unspecified", None, None)
    if not is_a(body, Mapping):
        return body_error("body.object", "inferred", 20001, body)
    try:
        return list(dict(body.items()).items())
    except Exception:
        # Reading: a mapping of the caller's own make that can't be read is as a text that can't be read.
        return body_error("body.unreadable", "unspecified", None, None)


def oracle_report(
    body: Any,
    *,
    default_model: str | None = None,
    cards: Sequence[Mapping[str, Any]] = (),
    as_of: Any = None,
    unknown_fields: str = "warn",
) -> dict[str, Any]:
    """Section 8's JSON shape, without ``message``, ``hint`` and ``patch``; and ``messages`` and ``payload`` besides.

    ``params`` of a finding holds those that the rulebook names; ``messages`` has the page's text for each error, or None.
    """
    items = items_of(body)
    if isinstance(items, dict):
        return report_of(None, [items], [])
    request = Request(items)
    error = model_error(request.value("model"), default_model)
    if error is not None:
        return report_of(None, [error], [])
    model = model_value(request.value("model"), default_model)
    if model in WITHOUT_RULES:
        return report_without_rules(items, model, card_in_force(cards, as_of))

    errors, warnings = judged(request, model)
    warnings += section_4(request, model, errors, unknown_fields)
    messages = [message_of(error, request, model) for error in errors]
    if unknown_fields == "error":
        errors += unknown_keys(request, model, "error", 20003)
    report = report_of(model, errors, warnings)
    report["messages"] = messages + [None] * (len(errors) - len(messages))
    if not errors:
        effective = effective_of(request, model)
        report["mode"] = mode_of(request, model)
        report["effective"] = effective
        report["dimensions"] = oracle_dimensions(effective.get("size"), request.resolution(), model)
        report["quote"] = quote_of(request, model, cards, as_of)
        report["payload"] = payload_of(request, model)
    return report


def report_without_rules(
    items: Sequence[tuple[Any, Any]], model: str, card: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A known id: not judged beyond JSON and model."""
    warning = finding("model.no_rules", "warning", "unspecified", None, "model", model)
    report = report_of(model, [], [warning])
    # Reading: as it came, nulls and keys that are no text included; but a default model that was applied is in it.
    report["payload"] = {**unwrapped(dict(items)), "model": model}
    # Reading: the card that is in force is named, as in every quote.
    report["quote"] = unknown_quote("unspecified", "no_rules", None, card)
    return report


# --------------------------------------------------------------------------------
# Sections 8 and 10: a quote of the axes alone
# --------------------------------------------------------------------------------

AXES = {"size": "shape", "resolution": "tier", "quality": "quality", "n": "number"}
"""An axis of quote and the role that it goes to."""


def oracle_axes(
    *,
    model: str | None = None,
    size: Any = None,
    resolution: Any = None,
    quality: Any = None,
    n: Any = None,
    has_images: bool = False,
    cards: Sequence[Mapping[str, Any]] = (),
    as_of: Any = None,
) -> dict[str, Any]:
    """The ``errors`` of a quote by axes (with any, quote raises), and the ``quote``, None with an error."""
    model = OFFICIAL if model is None else model
    error = model_error(model, None)
    if error is not None:
        return {"errors": [error], "quote": None}
    if model in WITHOUT_RULES:
        return {"errors": [], "quote": unknown_quote("unspecified", "no_rules", None, card_in_force(cards, as_of))}
    body: dict[str, Any] = {"model": model}
    axes = {"size": size, "resolution": resolution, "quality": quality, "n": n}
    for name, field in FIELDS[model].items():
        # Reading: an axis whose role the model does not have is as a key that its file does not name: it changes nothing.
        for axis, value in axes.items():
            if field.role == AXES[axis]:
                body[name] = value
        if field.role == "prompt":
            body[name] = "a fox"
        if field.role == "references" and has_images:
            body[name] = "https://example.com/a.png" if field.kind == "url" else ["https://example.com/a.png"]
    request = Request(body.items())
    errors, _ = judged(request, model)
    if model not in PAGE_MODELS:
        # Reading: only what the price reads is needed, so an axis that was left out is at fault only if the price reads it
        # (gpt-image-2-beta at 4k has a price without a size).
        errors = [each for each in errors if body.get(each["field"]) is not None or each["field"] == PRICES[model].axis]
    return {"errors": errors, "quote": None if errors else quote_of(request, model, cards, as_of)}
