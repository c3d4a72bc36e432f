"""Fix a body: apply the patches of its findings one after the other, and say what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from reapi_rules.engine.engine import Engine, engine_for
from reapi_rules.engine.report import Report
from reapi_rules.terms.arguments import takes
from reapi_rules.terms.findings import Finding, pointer_to
from reapi_rules.terms.json_text import ObjectText
from reapi_rules.terms.values import shorten

__all__ = ["Change", "Fix", "fix"]

_MOST_PATCHES = 200  # more than there are fields: a catalog of one's own may have rules that go in circles
_LONGEST = 200


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a patch changed, and the rule that the patch belongs to; UNSET means that there is no such key.

    Long values are shortened.
    """

    rule: str
    pointer: str
    old: Any = msgspec.UNSET
    new: Any = msgspec.UNSET


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """A body with all patches applied: its text, what changed, and the reports on it before and after."""

    text: str
    changes: tuple[Change, ...]
    before: Report
    after: Report


@takes(body=bytes | str, engine=Engine | None)
def fix(body: bytes | str, *, engine: Engine | None = None) -> Fix:
    """A JSON body with every patch of its findings applied; all other text stays exactly as it was.

    >>> fixed = fix('{"model":"gpt-image-2", "aspect_ratio": "16×9", "prompt":"a fox", "quantity": 1.0}')
    >>> fixed.text
    '{"model":"gpt-image-2", "size": "16:9", "prompt":"a fox", "n": 1}'
    >>> [(change.rule, change.pointer, change.old, change.new) for change in fixed.changes][:2]
    [('field.unknown', '/aspect_ratio', '16×9', UNSET), ('field.unknown', '/size', UNSET, '16:9')]
    >>> fixed.before.ok, fixed.after.ok
    (True, True)

    The first patch is applied and the body checked again, until no patch is left.  What no patch can fix stays as it
    is, and ``after`` reports it.
    """
    engine = engine or engine_for()
    text = body.decode(errors="surrogateescape") if isinstance(body, bytes) else body
    before = after = engine.look(body)
    changes: list[Change] = []
    for _ in range(_MOST_PATCHES):
        finding = next((each for each in (*after.errors, *after.warnings) if each.patch), None)
        if finding is None:
            break
        try:
            patched = ObjectText(text)
            made = [*_changes(finding, patched)]
            patched.merge(finding.patch or {})
        except (ValueError, RecursionError):  # nested too deep
            break
        changes += made
        text = str(patched)
        after = engine.look(text.encode(errors="surrogateescape"))
    return Fix(text=text, changes=tuple(changes), before=before, after=after)


def _changes(finding: Finding, body: ObjectText) -> Iterator[Change]:
    for key, value in (finding.patch or {}).items():
        text = body.get(key)
        old = msgspec.UNSET if text is None else _shown(_value(text))
        new = msgspec.UNSET if value is None else _shown(value)
        if old is not new:  # both are absent: an edge that the body does not give
            yield Change(rule=finding.rule, pointer=pointer_to(key), old=old, new=new)


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:  # a number out of range, or a lone surrogate
        return text


def _shown(value: Any) -> Any:
    """A value as a person looks at it: a short list as it is, what is long cut."""
    is_short = type(value) is list and len(msgspec.json.encode(value)) <= _LONGEST
    return value if is_short else shorten(value)
