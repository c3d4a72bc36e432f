"""The rulebook, restated the slow and obvious way.

The tests compare the package with this file. It shares no code and no data with the package: every word,
bound, number and rule row below is written out from the rulebook, in the rulebook's order. Where a sentence
of the rulebook can be read in two ways, a comment that begins with "Reading:" says which one was taken.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

# --------------------------------------------------------------------------------
# Section 1: models
# --------------------------------------------------------------------------------

OFFICIAL = "gpt-image-2-official"
SIBLING = "gpt-image-2"
MODELS = (OFFICIAL, SIBLING)

FIELD_ORDER = (
    "model",
    "prompt",
    "size",
    "resolution",
    "quality",
    "n",
    "image_urls",
    "mask_url",
    "background",
    "moderation",
)

PARAMETERS = {
    OFFICIAL: FIELD_ORDER,
    SIBLING: ("model", "prompt", "size", "resolution", "n", "image_urls"),
}

OPTIONAL_FIELDS = ("size", "resolution", "quality", "n", "image_urls", "mask_url", "background", "moderation")

SIZE_WORDS = (
    "1:1",
    "16:9",
    "9:16",
    "4:3",
    "3:4",
    "3:2",
    "2:3",
    "5:4",
    "4:5",
    "2:1",
    "1:2",
    "21:9",
    "9:21",
    "auto",
)
RATIOS = SIZE_WORDS[:13]
WIDESCREEN = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
TIERS = ("1k", "2k", "4k")
QUALITIES = ("auto", "low", "medium", "high")
BACKGROUNDS = ("auto", "opaque", "transparent")
MODERATIONS = ("auto", "low")

PROMPT_MAXIMUM = 4000
IMAGES_MAXIMUM = 16
N_MAXIMUM = {OFFICIAL: 4, SIBLING: 1}
TAKES_PIXELS = {OFFICIAL: True, SIBLING: False}
FLAT_PRICE = {OFFICIAL: False, SIBLING: True}

DIGITS = "0123456789"


def certainty_for(model: str | None, certainty: str) -> str:
    """Whatever is documented for the official model is inferred for the sibling."""
    if model == SIBLING and certainty == "documented":
        return "inferred"
    return certainty


# --------------------------------------------------------------------------------
# Section 2: input
# --------------------------------------------------------------------------------


class NotJsonError(Exception):
    """The text is not UTF-8 JSON."""


class UnreadableError(Exception):
    """The text has JSON syntax, but can't be read."""


def is_surrogate(character: str) -> bool:
    return 0xD800 <= ord(character) <= 0xDFFF


def has_surrogate(text: str) -> bool:
    return any(is_surrogate(character) for character in text)


def plain(value: Any) -> Any:
    """A str subclass is text, an int subclass a number, as any JSON encoder would have it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__index__(value)
    if isinstance(value, float):
        return float.__float__(value)
    return value


def is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


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
    """The body of a request: what each known field holds, and every key in the order of the body."""

    def __init__(self, body: Mapping[Any, Any]) -> None:
        self.fields: dict[str, Any] = {}
        self.keys: list[tuple[str, bool, Any]] = []  # name, is the key a string, value
        position: dict[str, int] = {}
        for key, given in body.items():
            value = plain(given)
            if not isinstance(key, str):
                self.keys.append((name_of_key(key), False, value))
                continue
            name = plain(key)
            self.fields[name] = value
            if name in position:
                self.keys[position[name]] = (name, True, value)
            else:
                position[name] = len(self.keys)
                self.keys.append((name, True, value))

    def value(self, name: str) -> Any:
        return self.fields.get(name)

    def images(self) -> list[Any]:
        """The entries of image_urls; none when it is absent or no list."""
        value = self.value("image_urls")
        if not is_list(value):
            return []
        return [plain(entry) for entry in value]

    def resolution(self) -> str:
        """The effective resolution, when the field is not in error."""
        value = self.value("resolution")
        return "1k" if value is None else ascii_lower(value)


def name_of_key(key: Any) -> str:
    """The field name of a key that is not a string: the JSON encoder's text, else the type's name."""
    key = plain(key)
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int):
        return decimal_text(key)
    if isinstance(key, float):
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
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None


# --------------------------------------------------------------------------------
# Section 8: how a value, a pointer and a finding are shown
# --------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Each lone surrogate becomes six characters: backslash, u and four hexadecimal digits."""
    result = ""
    for character in text:
        result += f"\\u{ord(character):04x}" if is_surrogate(character) else character
    return result


def shown(value: Any) -> Any:
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # Reading: cut first, escape then, so that the cut counts the characters of the value itself.
        return escaped(value[:200])
    if isinstance(value, int):
        if -(2**63) <= value <= 2**64 - 1:
            return value
        return decimal_text(value)[:200]
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return float_text(value)
        return value
    if is_list(value):
        return "array"
    if isinstance(value, Mapping):
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
) -> dict[str, Any]:
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
# Section 3: errors
# --------------------------------------------------------------------------------


def is_pixel_string(text: str) -> bool:
    return re.fullmatch(r"[0-9]+x[0-9]+", text) is not None


def allowed_size(text: str, model: str) -> bool:
    return text in SIZE_WORDS or (TAKES_PIXELS[model] and is_pixel_string(text))


def near_miss(allowed: bool) -> str:
    """The certainty of an unknown value: inferred when only case or surrounding blanks are wrong."""
    return "inferred" if allowed else "documented"


def tidied(text: str) -> str:
    return ascii_lower(text).strip()


def body_error(rule: str, certainty: str, value: Any) -> dict[str, Any]:
    """Rows 1 to 3."""
    return finding(rule, "error", certainty, None, None, value)


def model_error(given: Any, default_model: Any) -> dict[str, Any] | None:
    """Rows 4 to 6."""
    value = model_value(given, default_model)
    if value is None or value == "":
        return finding("model.required", "error", "inferred", 20002, "model", given)
    if not isinstance(value, str):
        return finding("model.type", "error", "inferred", 20003, "model", value)
    if value not in MODELS:
        return finding("model.unknown", "error", "inferred", 20003, "model", value)
    return None


def model_value(given: Any, default_model: Any) -> Any:
    """A default model applies where model is absent, null or empty."""
    # Reading: a default model that is itself the empty string is no default model.
    if given is None or given == "":
        return plain(default_model) if default_model not in (None, "") else given
    return given


def field_errors(request: Request, model: str) -> list[dict[str, Any]]:
    """Rows 7 to 28, in that order."""
    errors: list[dict[str, Any]] = []
    fields_in_error: set[str] = set()

    def add(
        rule: str,
        certainty: str,
        field: str,
        *,
        code: int = 20003,
        value: Any = None,
        index: int | None = None,
        related: Sequence[str] = (),
    ) -> None:
        if index is None:
            value = request.value(field)
        fields_in_error.add(field)
        certainty = certainty_for(model, certainty)
        errors.append(finding(rule, "error", certainty, code, field, value, index=index, related=related))

    # Rows 7 to 9.
    prompt = request.value("prompt")
    if prompt is None or prompt == "":
        add("prompt.required", "documented", "prompt", code=20002)
    elif not isinstance(prompt, str):
        add("prompt.type", "inferred", "prompt")
    elif len(prompt) > PROMPT_MAXIMUM:
        add("prompt.max_length", "documented", "prompt", code=20007)

    # Rows 10 and 11.
    size = request.value("size")
    if size is not None:
        if not isinstance(size, str):
            add("size.type", "inferred", "size")
        elif not allowed_size(size, model):
            add("size.unknown", near_miss(allowed_size(tidied(size), model)), "size")

    # Rows 12 and 13.
    resolution = request.value("resolution")
    if resolution is not None:
        if not isinstance(resolution, str):
            add("resolution.type", "inferred", "resolution")
        elif ascii_lower(resolution) not in TIERS:
            add("resolution.unknown", near_miss(tidied(resolution) in TIERS), "resolution")

    # Row 14.
    readable = "size" not in fields_in_error and "resolution" not in fields_in_error
    if readable and request.resolution() == "4k" and size not in WIDESCREEN:
        pixels = size is not None and is_pixel_string(size)
        certainty = "inferred" if pixels else "documented"
        add("size.needs_widescreen", certainty, "size", related=["/resolution"])

    # Rows 15 and 16.
    if request.value("n") is not None:
        n = integral(request.value("n"))
        if n is None:
            add("n.type", "inferred", "n")
        elif not 1 <= n <= N_MAXIMUM[model]:
            add("n.range", "documented", "n")

    # Rows 17 and 18.
    if request.value("image_urls") is not None:
        if not is_list(request.value("image_urls")):
            add("image_urls.type", "inferred", "image_urls")
        elif len(request.images()) > IMAGES_MAXIMUM:
            add("image_urls.max_items", "documented", "image_urls")
    images_have_wrong_type = any(error["rule"] == "image_urls.type" for error in errors)

    # Rows 19 and 20.
    mask: Any = None
    if model == OFFICIAL:
        mask = request.value("mask_url")
        if mask == "":
            mask = None
        if mask is not None:
            if not isinstance(mask, str):
                add("mask_url.type", "inferred", "mask_url")
                mask = None
            elif not images_have_wrong_type and not request.images():
                add("mask_url.needs_image", "documented", "mask_url", related=["/image_urls"])

    # Rows 21 to 23, entry by entry.
    for index, entry in enumerate(request.images()[:IMAGES_MAXIMUM]):
        if not isinstance(entry, str):
            add("image_urls.item_type", "inferred", "image_urls", value=entry, index=index)
        elif is_data_uri(entry):
            add("image_urls.data_uri", "documented", "image_urls", value=entry, index=index)
        elif not is_http_url_with_host(entry):
            add("image_urls.not_http", "inferred", "image_urls", value=entry, index=index)

    # Rows 24 and 25.
    if mask is not None:
        if is_data_uri(mask):
            add("mask_url.data_uri", "documented", "mask_url")
        elif not is_http_url_with_host(mask):
            add("mask_url.not_http", "inferred", "mask_url")

    # Rows 26 to 28.
    if model == OFFICIAL:
        for field, words in (
            ("quality", QUALITIES),
            ("background", BACKGROUNDS),
            ("moderation", MODERATIONS),
        ):
            value = request.value(field)
            if value is None:
                continue
            if not isinstance(value, str):
                add(f"{field}.type", "inferred", field)
            elif value not in words:
                add(f"{field}.unknown", near_miss(tidied(value) in words), field)

    return errors


def message_of(error: Mapping[str, Any], request: Request, model: str) -> str | None:
    """The text that the rulebook fixes, in section 3; None for the rules whose wording is our own."""
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


def key_class(name: str, is_string: bool, value: Any, model: str) -> str | None:
    """Which of the four field.* rules a key of the body gives: the first that applies."""
    if not is_string or name not in FIELD_ORDER:
        return "field.unknown"
    if name not in PARAMETERS[model]:
        return "field.unsupported"
    if value is None and name in OPTIONAL_FIELDS:
        return "field.null"
    if name == "mask_url" and value == "":
        return "field.empty"
    return None


def holds_ratio(prompt: str) -> bool:
    """Whether one of the 13 ratios stands alone in the prompt."""
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


def utf16_length(text: str) -> int:
    length = 0
    for character in text:
        length += 2 if ord(character) > 0xFFFF else 1
    return length


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


def first_index(urls: Sequence[str], test: Any) -> int | None:
    for index, url in enumerate(urls):
        if test(url):
            return index
    return None


def all_warnings(
    request: Request, model: str, errors: Sequence[Mapping[str, Any]], unknown_fields: str
) -> list[dict[str, Any]]:
    """The one list of warnings and notes, in the order of the table."""
    warnings: list[dict[str, Any]] = []
    in_error = {error["field"] for error in errors}
    official = model == OFFICIAL

    def add(rule: str, level: str, certainty: str, field: str, value: Any, *, index: int | None = None) -> None:
        certainty = certainty_for(model, certainty)
        warnings.append(finding(rule, level, certainty, None, field, value, index=index))

    # The four rules about keys, each in the order of the body's keys.
    for rule, level, certainty in (
        ("field.unknown", "warning", "unspecified"),
        ("field.unsupported", "warning", "inferred"),
        ("field.null", "note", "unspecified"),
        ("field.empty", "note", "unspecified"),
    ):
        if rule == "field.unknown" and unknown_fields != "warn":
            continue
        if rule == "field.unsupported" and unknown_fields == "ignore":
            continue
        for name, is_string, value in request.keys:
            if key_class(name, is_string, value, model) == rule:
                # Reading: a null size at 4k is in error, so it does not give field.null as well.
                if rule != "field.unknown" and name in in_error:
                    continue
                add(rule, level, certainty, name, value)

    if "prompt" not in in_error:
        prompt = request.value("prompt")
        if prompt.isspace():
            add("prompt.blank", "warning", "unspecified", "prompt", prompt)
        if utf16_length(prompt) > PROMPT_MAXIMUM:
            add("prompt.utf16_length", "warning", "unspecified", "prompt", prompt)
        if holds_ratio(prompt):
            add("prompt.restates_ratio", "note", "documented", "prompt", prompt)

    if "size" not in in_error:
        size = request.value("size")
        if size == "auto" and not FLAT_PRICE[model]:
            add("size.auto_price", "note", "documented", "size", size)
        if size is not None and is_pixel_string(size):
            add("size.snapped", "note", "documented", "size", size)
            if size.replace("x", ":") in RATIOS:
                add("size.looks_like_ratio", "warning", "inferred", "size", size)
        if size is None and "image_urls" not in in_error and request.images():
            add("size.mirrors_reference", "note", "documented", "size", None)

    if official and "quality" not in in_error:
        quality = request.value("quality")
        if quality is None:
            add("quality.auto_bills_high", "warning", "documented", "quality", None)
        elif quality == "auto":
            add("quality.auto_bills_high", "note", "documented", "quality", quality)

    if "n" not in in_error and isinstance(request.value("n"), float):
        add("n.integral_float", "note", "unspecified", "n", request.value("n"))

    images = [] if "image_urls" in in_error else request.images()
    mask = request.value("mask_url") if official and "mask_url" not in in_error else None
    masks = [] if mask is None or mask == "" else [mask]
    for rule, test, certainty in (
        ("malformed", is_malformed, "unspecified"),
        ("private_host", is_private_host, "inferred"),
    ):
        index = first_index(images, test)
        if index is not None:
            add(f"image_urls.{rule}", "warning", certainty, "image_urls", images[index], index=index)
        for url in masks:
            if test(url):
                add(f"mask_url.{rule}", "warning", certainty, "mask_url", url)

    if official and "background" not in in_error and request.value("background") == "transparent":
        add("background.transparent_downgraded", "warning", "documented", "background", "transparent")

    for url in masks:
        add("mask_url.unchecked", "note", "documented", "mask_url", url)
    return warnings


def unknown_field_errors(request: Request, model: str, unknown_fields: str) -> list[dict[str, Any]]:
    """With unknown_fields="error", field.unknown becomes an error after all others."""
    if unknown_fields != "error":
        return []
    errors: list[dict[str, Any]] = []
    for name, is_string, value in request.keys:
        if key_class(name, is_string, value, model) == "field.unknown":
            errors.append(finding("field.unknown", "error", "unspecified", 20003, name, value))
    return errors


# --------------------------------------------------------------------------------
# Section 5: what the gateway will use (effective), and what to send (payload)
# --------------------------------------------------------------------------------


def mode_of(request: Request, model: str) -> str:
    if model == OFFICIAL and request.value("mask_url") not in (None, ""):
        return "inpainting"
    if request.images():
        return "image_to_image"
    return "text_to_image"


def effective_of(request: Request, model: str) -> dict[str, Any]:
    """The parameters of the model, in the page's field order, defaults filled in. Only without errors."""
    images = request.images()
    size = request.value("size")
    if size is None and not images:
        size = "1:1"
    n = request.value("n")
    everything = {
        "model": model,
        "prompt": request.value("prompt"),
        "size": size,
        "resolution": request.resolution(),
        "quality": with_default(request.value("quality"), "auto"),
        "n": 1 if n is None else integral(n),
        "image_urls": [escaped(url) for url in images],
        "mask_url": None if request.value("mask_url") == "" else request.value("mask_url"),
        "background": with_default(request.value("background"), "auto"),
        "moderation": with_default(request.value("moderation"), "auto"),
    }
    effective: dict[str, Any] = {}
    for field in PARAMETERS[model]:
        value = everything[field]
        effective[field] = escaped(value) if isinstance(value, str) else value
    return effective


def with_default(value: Any, default: str) -> Any:
    return default if value is None else value


def payload_of(request: Request, model: str) -> dict[str, Any]:
    """The caller's own known fields, tidied; strings as they were given. Only without errors."""
    payload: dict[str, Any] = {}
    for field in PARAMETERS[model]:
        value = request.value(field)
        if field == "model":
            value = model
        if value is None or (field == "mask_url" and value == ""):
            continue
        if field == "resolution":
            value = ascii_lower(value)
        if field == "n":
            value = integral(value)
        if field == "image_urls":
            value = request.images()
        payload[field] = value
    return payload


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
        "certainty": certainty_for(model, certainty),
        "reason": None,
    }


# --------------------------------------------------------------------------------
# Section 7: price
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


def quote_plan(effective: Mapping[str, Any], model: str) -> tuple[str, str, str | None, list[str]]:
    """The row of the table that applies: basis, certainty, reason and cells, for a card without gaps."""
    size = effective["size"]
    tier = effective["resolution"]
    if FLAT_PRICE[model]:
        return "exact", "inferred", None, [tier]
    quality = "high" if effective["quality"] == "auto" else effective["quality"]
    if size is None:
        return "bounded", "inferred", "size_mirrors_reference", tier_cells(tier, quality)
    if size == "auto":
        return "exact", "documented", None, tier_cells(tier, quality)
    if size in RATIOS:
        return "exact", "documented", None, [f"{size}@{tier}_{quality}"]
    cell = pixel_cell(size)
    if cell is not None and cell[2] and cell[1] == tier:
        return "exact", "inferred", None, [f"{cell[0]}@{tier}_{quality}"]
    cells = tier_cells(tier, quality)
    if cell is not None and f"{cell[0]}@{cell[1]}_{quality}" not in cells:
        cells.append(f"{cell[0]}@{cell[1]}_{quality}")
    return "bounded", "inferred", "pixel_size", cells


def quote_of(
    effective: Mapping[str, Any], model: str, cards: Sequence[Mapping[str, Any]], as_of: Any
) -> dict[str, Any]:
    basis, certainty, reason, cells = quote_plan(effective, model)
    n = effective["n"]
    card = card_in_force(cards, as_of)
    prices: Mapping[str, str] = {} if card is None else card["usd_per_image"].get(model, {})
    rate_card = None
    if card is not None:
        rate_card = {key: card[key] for key in ("id", "effective_from", "checked_on")}
    missing = [cell for cell in cells if cell not in prices]
    if missing:
        return {
            "basis": "unknown",
            "certainty": certainty,
            "credits": None,
            "credits_low": None,
            "usd": None,
            "per_image_usd": None,
            "n": n,
            "cell": None,
            "reason": "no_rate",
            "missing": missing,
            "float_sensitive": False,
            "rate_card": rate_card,
        }
    # The dearest cell; of equal ones the first.
    dearest = cells[0]
    cheapest = cells[0]
    for cell in cells[1:]:
        if Fraction(prices[cell]) > Fraction(prices[dearest]):
            dearest = cell
        if Fraction(prices[cell]) < Fraction(prices[cheapest]):
            cheapest = cell
    bill = oracle_credits(prices[dearest], n)
    return {
        "basis": basis,
        "certainty": certainty,
        "credits": bill,
        "credits_low": bill if basis == "exact" else oracle_credits(prices[cheapest], n),
        "usd": f"{bill // 1000}.{bill % 1000:03d}",
        "per_image_usd": prices[dearest],
        "n": n,
        "cell": dearest,
        "reason": reason,
        "missing": [],
        "float_sensitive": oracle_float_sensitive(prices[dearest], n),
        "rate_card": rate_card,
    }


# --------------------------------------------------------------------------------
# Section 8: the report
# --------------------------------------------------------------------------------


def early_report(error: dict[str, Any]) -> dict[str, Any]:
    """With the body or the model in error nothing else is checked, and there are no warnings."""
    return {
        "ok": False,
        "model": None,
        "mode": None,
        "errors": [error],
        "warnings": [],
        "effective": None,
        "dimensions": None,
        "quote": None,
        "messages": [None],
        "payload": None,
    }


def oracle_report(
    body: Any,
    *,
    default_model: str | None = None,
    cards: Sequence[Mapping[str, Any]] = (),
    as_of: Any = None,
    unknown_fields: str = "warn",
) -> dict[str, Any]:
    """Section 8's JSON shape without message, hint and params; and `messages` and `payload` besides."""
    if isinstance(body, (bytes, str)):
        try:
            body = read_text(body)
        except NotJsonError:
            return early_report(body_error("body.json", "inferred", None))
        except UnreadableError:
            return early_report(body_error("body.unreadable", "unspecified", None))
    if not isinstance(body, Mapping):
        return early_report(body_error("body.object", "inferred", body))

    request = Request(body)
    error = model_error(request.value("model"), default_model)
    if error is not None:
        return early_report(error)
    model = model_value(request.value("model"), default_model)

    errors = field_errors(request, model)
    warnings = all_warnings(request, model, errors, unknown_fields)
    errors += unknown_field_errors(request, model, unknown_fields)

    report: dict[str, Any] = {
        "ok": not errors,
        "model": model,
        "mode": None,
        "errors": errors,
        "warnings": warnings,
        "effective": None,
        "dimensions": None,
        "quote": None,
        "messages": [message_of(error, request, model) for error in errors],
        "payload": None,
    }
    if not errors:
        effective = effective_of(request, model)
        report["mode"] = mode_of(request, model)
        report["effective"] = effective
        report["dimensions"] = oracle_dimensions(effective["size"], effective["resolution"], model)
        report["quote"] = quote_of(effective, model, cards, as_of)
        report["payload"] = payload_of(request, model)
    return report
