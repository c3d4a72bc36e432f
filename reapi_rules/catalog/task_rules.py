"""The rules about what a client sees besides the request: the answers of reAPI, and a mask before its upload.

They are rows like the rules of a request, and never part of a request's verdict.
Source: sections "Response envelope", "Validation errors" and "mask_url" of the page.
"""

from __future__ import annotations

from typing import Any, Literal

from reapi_rules.catalog.files import FileStruct
from reapi_rules.catalog.rules import Row, Rule

__all__ = ["TaskRules", "task_rules"]


class TaskRules(FileStruct, frozen=True, kw_only=True):
    """The file ``data/task-rules.json``; ``request`` is what its examples answer, a larger mask is not decoded."""

    format: Literal["reapi-task-rules/2"]
    request: dict[str, Any]
    most_mask_pixels: int
    rules: tuple[Row, ...]

    def __getitem__(self, rule: str) -> Rule:
        return next(row for row in self.rules if row.id == rule).rule()

    def example(self, rule: str) -> Any:
        """An answer that triggers a rule; None for a rule that no answer can."""
        return next((row.example for row in self.rules if row.id == rule), None)


def task_rules() -> TaskRules:
    """The rules about answers and masks.

    >>> task_rules()["task.image_count"].section
    'n'
    """
    return TaskRules.read("task-rules.json")
