"""How a body is written, as JSON or as text: what the two schemas have in common.

A node of a schema has marks: beside each keyword the rule that it encodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.models import Condition, Field
from reapi_rules.catalog.rules import Rule

__all__ = ["MARKS", "Check", "Node", "Writing", "is_open", "says"]

Node = dict[str, Any]
Check = tuple[Node, str]
"""Keywords, and the check that they encode."""

MARKS = "rules"
"""The key of a node, not of a schema: by keyword the rule and, where it is not the instance's, the pointer."""


def says(node: Node, *parts: tuple[Node, Rule], pointer: str | None = None) -> Node:
    """The node with further keywords and their rules; one that it has already goes into its ``allOf``.

    What only warns is left out.
    """
    for keywords, rule in parts:
        if rule.level == "error":
            place = node
            if not node.keys().isdisjoint(keywords):
                place = {}
                node.setdefault("allOf", []).append(place)
            place |= keywords
            place.setdefault(MARKS, {}).update(dict.fromkeys(keywords, (rule, pointer)))
    return node


def is_open(field: Field) -> bool:
    """Whether a list may be longer than what is looked at."""
    return field.max_items is None or "max_items" in field.warns


class Writing:
    """One way to write a body: how its schema is called, and what it says of values."""

    name: str
    title: str

    def checks(self, field: Field, looked_at: int) -> Iterator[Check]:
        """The checks of a field; ``looked_at`` is how many entries of a list are."""
        raise NotImplementedError

    def given(self, is_given: bool) -> Node:
        """The values that are given, or that count as absent."""
        raise NotImplementedError

    def one_of(self, values: tuple[Any, ...], field: Field) -> Node:
        """These values of a field."""
        raise NotImplementedError

    def in_doubt(self, condition: Condition, field: Field) -> Node | bool:
        """The values that are in error, or of which a schema can't say whether they meet a condition."""
        raise NotImplementedError

    def field(self, field: Field, rule: Callable[[str], Rule], looked_at: int) -> Node:
        """What a field holds; ``rule`` gives the rule of a check."""
        own = form_rules()
        parts = ((keywords, own.get(check) or rule(check)) for keywords, check in self.checks(field, looked_at))
        return says({}, *parts)

    def meets(self, condition: Condition, field: Field, is_wanted: bool) -> Node:
        """The values that meet a condition; those in doubt only where it ``is_wanted``."""
        met: list[Node] = []
        if condition.given is not None:
            met.append(self.given(condition.given))
        if condition.one_of is not None:
            met.append(self.one_of(condition.one_of, field))
        if condition.none_of is not None:
            met.append({"not": self.one_of(condition.none_of, field)})
        if condition.at_most is not None:
            met.append({"type": ["number", "null"], "maximum": condition.at_most})
        doubt = self.in_doubt(condition, field)
        return {"anyOf": [doubt, {"allOf": met}]} if is_wanted else {"allOf": [{"not": doubt}, *met]}
