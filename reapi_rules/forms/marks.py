"""Nodes of a schema with marks: beside each keyword the rule that it encodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reapi_rules.catalog.rules import Rule

__all__ = ["MARKS", "Node", "all_of", "says"]

Node = dict[str, Any]

MARKS = "rules"
"""The key of a node, not of a schema: by keyword the rule and, where it is not the instance's, the pointer."""


def all_of(nodes: Iterable[Node]) -> Node:
    """What meets all nodes."""
    every = list(nodes)
    return every[0] if len(every) == 1 else {"allOf": every}


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
