"""Rules: the rows of ``data/rules.json``, and the rules that they make for the fields of a model.

A row is one check.  ``<field>.type`` holds for every field of every model; what a row says otherwise of a kind of
field, of one field or of one rule is under ``but``, such as the page's own wording.
"""

# no annotations as text: see models

from typing import Any, Literal

import msgspec

from reapi_rules.catalog.files import FileStruct
from reapi_rules.terms.findings import Certainty, Finding, Level, pointer_to
from reapi_rules.terms.templates import Params, first_complete
from reapi_rules.terms.values import shorten, shown_value

__all__ = ["FIELD", "Row", "Rule", "RulesFile"]

FIELD = "<field>"


class _But(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a row says otherwise of some rules, or a rule of some values."""

    level: Level | None = None
    certainty: Certainty | None = None
    code: int | None = None
    section: str | None = None
    trigger: str | None = None
    message: str | None = None
    hints: tuple[str, ...] | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``data/rules.json``: what triggers it, what it says, and the section of the page it encodes.

    ``kinds`` are those of the fields that it checks, ``roles`` those of the fields that it warns of.
    """

    id: str
    level: Level
    certainty: Certainty
    trigger: str
    message: str
    section: str = FIELD
    field: str | None = None
    code: int | None = None
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    but: dict[str, _But] = {}
    variants: dict[str, _But] = {}
    example: Any = None

    def rule(self, field: str | None = None, id: str = "", *, kind: str = "", **known: Any) -> "Rule":
        """The rule of a field, under an id of its own where it has one; all its findings have the figures ``known``."""
        id = id or self.id.replace(FIELD, field or "")
        row = self
        for name in (kind, field, id):
            if name in self.but:
                row = _changed(row, self.but[name])
        return Rule(
            id=id,
            level=row.level,
            certainty=row.certainty,
            code=row.code,
            field=field or self.field,
            section=row.section.replace(FIELD, field or ""),
            trigger=row.trigger,
            message=row.message,
            hints=row.hints,
            variants=row.variants,
            known=known,
            row=self.id,
        )


def _changed(of: Any, changes: _But) -> Any:
    return msgspec.structs.replace(
        of, **{name: value for name, value in msgspec.structs.asdict(changes).items() if value is not None}
    )


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is checked of one field, or of the whole body, and what is said where it fails.

    ``message`` and ``hints`` are templates over the figures of a finding; of the hints the first counts whose figures
    are all known.  ``row`` is the id of the row of ``data/rules.json`` that the rule was made from.
    """

    id: str
    level: Level
    certainty: Certainty
    code: int | None
    field: str | None
    section: str
    trigger: str
    message: str
    hints: tuple[str, ...]
    variants: dict[str, _But] = {}
    known: dict[str, Any] = {}
    related: tuple[str, ...] = ()
    row: str
    _changed: "dict[str, Rule]" = {}

    def variant(self, name: str | None) -> "Rule":
        """The rule as it reads for some values, such as ``near_miss``; the rule itself for a name that it lacks."""
        if name is None or name not in self.variants:
            return self
        if name not in self._changed:
            self._changed[name] = _changed(self, self.variants[name])
        return self._changed[name]

    def find(
        self,
        value: Any = None,
        *,
        name: str | None = None,
        index: int | str | None = None,
        patch: dict[str, Any] | None = None,
        **params: Any,
    ) -> Finding:
        """The finding of this rule on a value: of the rule's own field, of the key ``name``, or of an entry of it."""
        field = self.field if name is None else name
        shown = shorten(value)
        figures = {name: _shown(figure) for name, figure in params.items()}
        known = {"value": shown, "name": field, "field": field, **self.known, **figures}
        message = first_complete((self.message,), known)
        assert message is not None, f"a figure of {self.id} is missing"
        return Finding(
            rule=self.id,
            level=self.level,
            certainty=self.certainty,
            code=self.code,
            field=field,
            pointer=pointer_to(field, index),
            related=self.related,
            message=message,
            hint=first_complete(self.hints, known),
            patch=_sendable(patch),
            value=shown,
            params=Params(figures),
        )


def _shown(figure: Any) -> Any:
    """A figure as a report shows it; tuples are words of our own files."""
    if figure is None or type(figure) is tuple:
        return figure
    shown = shown_value(figure)
    return tuple(shown) if type(shown) is list else shown


def _sendable(patch: dict[str, Any] | None) -> dict[str, Any] | None:
    """A patch that JSON has; None for one with a lone surrogate or another value that it lacks."""
    try:
        return None if patch is None or not msgspec.json.encode(patch) else Params(patch)
    except Exception:  # the encoder's own, of several kinds, or of a value of the caller's own make
        return None


class RulesFile(FileStruct, frozen=True):
    """The file ``data/rules.json``.

    ``expected`` says in words what each kind of field takes, and ``roles`` which kinds a field of a role may be.  Of a
    list of URLs the first ``entries_looked_at`` are judged, and of unknown keys ``unknown_fields_named`` are named.
    """

    format: Literal["reapi-rules/2"]
    expected: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    entries_looked_at: int
    unknown_fields_named: int
    rules: tuple[Row, ...]
