"""Templates of messages and hints: text with placeholders, filled in from the figures of a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from reapi_rules.terms.once import once

__all__ = ["Params", "first_complete", "listed", "told"]

_SHOWN = 80


class Params(dict[str, Any]):
    """The params or the patch of a finding: a dictionary that can't be changed, since reports share their findings."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the params and the patch of a finding can't be changed")

    if not TYPE_CHECKING:  # to type checkers it is an ordinary dictionary
        __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Params, (dict(self),)


def _text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value[:_SHOWN]  # type: ignore[no-any-return]  # as just tested
    if kind is bool:
        return "true" if value else "false"
    return ", ".join(map(_text, value)) if kind in (tuple, list) else str(value)[:_SHOWN]


def listed(words: Sequence[Any], last: str = "or") -> str:
    """Words as a choice.

    >>> listed(("low", "medium", "high")), listed(["low"])
    ('low, medium or high', 'low')
    """
    texts = list(map(_text, words))
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def first_complete(templates: Iterable[str], known: Mapping[str, Any]) -> str | None:
    """The first template of which every placeholder has a text, filled in; else None.

    A placeholder in capitals prints its figure in capitals; one that ends in ``_or`` a list as a choice.

    >>> first_complete(("take {most}", "take {least}", "take any"), {"most": None, "least": 2})
    'take 2'
    """
    for template in templates:
        text, figures = _parts(template)
        shown = []
        for name, show in figures:
            if (value := known.get(name)) is None:
                break
            shown.append(show(value))
        else:
            return text % tuple(shown)
    return None


def told(texts: Mapping[str, str], language: str, count: int | None = None, **figures: Any) -> str:
    """A text in a language, in English where that has none, for one or for several where they are counted.

    >>> told({"en": "{count} row|{count} rows"}, "zh", 2)
    '2 rows'
    """
    text = texts.get(language) or texts["en"]
    if count is not None:
        one, _, several = text.partition("|")
        text, figures = one if count == 1 else several or one, {**figures, "count": count}
    return text.format_map(figures) if figures else text


_BRACES = {"{{": "{", "}}": "}"}
_PART = r"\{\{|\}\}|\{(\w+)\}|[^{}]+"


@once
def _parts(template: str) -> tuple[str, tuple[tuple[str, Callable[[Any], str]], ...]]:
    """A template with ``%s`` for each placeholder, and the names of the figures with what makes a text of each."""
    parts = list(re.finditer(_PART, template))
    text = "".join("%s" if part[1] else _BRACES.get(part[0], part[0].replace("%", "%%")) for part in parts)
    return text, tuple(_figure(part[1]) for part in parts if part[1])


def _figure(placeholder: str) -> tuple[str, Callable[[Any], str]]:
    name = placeholder.lower()
    show = listed if name.endswith("_or") else _text
    return name.removesuffix("_or"), (lambda value: show(value).upper()) if placeholder.isupper() else show
