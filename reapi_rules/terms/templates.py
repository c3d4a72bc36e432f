"""Templates of messages and hints: text with placeholders, filled in from the figures of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["Params", "Texts", "first_complete", "listed"]

_SHOWN = 80


class Params(dict[str, Any]):
    """The params or the patch of a finding: a dictionary that can't be changed, since reports share their findings."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the params and the patch of a finding can't be changed")

    if not TYPE_CHECKING:  # to type checkers it is an ordinary dictionary
        __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Params, (dict(self),)


class Texts:
    """The text of each placeholder, worked out when it is met; a KeyError for one that has none.

    A placeholder in capitals prints its parameter in capitals; one that ends in ``_or`` a list as a choice.
    """

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params

    def __getitem__(self, placeholder: str) -> str:
        name = placeholder.lower()
        is_choice = name.endswith("_or")
        value = self._params[name.removesuffix("_or")]
        if value is None:
            raise KeyError(placeholder)
        text = listed(value) if is_choice else _text(value)
        return text.upper() if placeholder.isupper() else text


def _text(value: Any) -> str:
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    return ", ".join(map(str, value)) if kind in (tuple, list) else str(value)[:_SHOWN]


def listed(words: Sequence[Any], last: str = "or") -> str:
    """Words as a choice.

    >>> listed(("low", "medium", "high")), listed(["low"])
    ('low, medium or high', 'low')
    """
    texts = list(map(_text, words))
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def first_complete(templates: Iterable[str], known: Texts) -> str | None:
    """The first template of which every placeholder has a text, filled in.

    >>> first_complete(("take {most}", "take {least}"), Texts({"most": None, "least": 2}))
    'take 2'
    """
    for template in templates:
        try:
            return template.format_map(known)
        except KeyError:
            continue
    return None
