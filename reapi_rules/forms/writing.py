"""How a body is written, as JSON or as text: what the two schemas have in common.

A node of a schema has marks: beside each keyword the rule that it encodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from reapi_rules.catalog.models import Condition, Field
from reapi_rules.catalog.rules import Rule

__all__ = ["MARKS", "Node", "Said", "Writing", "is_open", "says", "takes_text", "words_and_text"]

Node = dict[str, Any]
Said = tuple[Node, Rule | None]
"""Keywords, and the rule that they encode; None where the rules are in them."""

MARKS = "rules"
"""The key of a node, not of a schema: by keyword the rule and, where it is not the instance's, the pointer."""


class Writing(NamedTuple):
    """One way to write a body.

    ``plain`` says what a field looks like to somebody who writes such a body; ``checks`` says what it holds, given the
    rule of each check and how many entries of a list are looked at; ``given`` the values that are given, or that count
    as absent; ``one_of`` these values of a field; ``in_doubt`` those in error, or of which a schema can't say whether
    they meet a condition.
    """

    name: str
    title: str
    plain: Callable[[Field], list[Node]]
    checks: Callable[[Field, Callable[[str], Rule], int], Iterator[Said]]
    given: Callable[[bool], Node]
    one_of: Callable[[tuple[Any, ...], Field], Node]
    in_doubt: Callable[[Condition, Field], Node | bool]

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


def says(node: Node, *parts: Said, pointer: str | None = None) -> Node:
    """The node with further keywords and their rules, without what only warns; a second ``not`` goes into ``allOf``."""
    for keywords, rule in parts:
        if rule is None or rule.level == "error":
            place = node
            if not node.keys().isdisjoint(keywords):
                place = {}
                node.setdefault("allOf", []).append(place)
            place |= keywords
            if rule is not None:
                place.setdefault(MARKS, {}).update(dict.fromkeys(keywords, (rule, pointer)))
    return node


def is_open(field: Field) -> bool:
    """Whether a list may be longer than what is looked at."""
    return field.max_items is None or "max_items" in field.warns


def takes_text(field: Field) -> bool:
    """Whether a field has words and takes other text too."""
    return bool(field.offers) or (
        bool(field.words) and (field.pixel_strings or field.any_case or "unknown" in field.warns)
    )


def words_and_text(field: Field) -> list[Node]:
    """The words of a field, and text where it takes other text: the same to a validator, and a choice to a reader."""
    words: Node = {"enum": [*field.choices, *([] if field.required else [None])]}
    return [words, {"type": "string"}] if takes_text(field) else [words]
