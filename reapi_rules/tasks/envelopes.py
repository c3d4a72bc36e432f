"""The envelopes that reAPI answers with: a task, and an error.

Source: sections "Response envelope" and "Validation errors" of the page.
"""

from __future__ import annotations

from numbers import Real

import msgspec

from reapi_rules.terms.arguments import takes

__all__ = ["STATUSES", "ApiError", "Output", "Task"]

STATUSES = ("processing", "completed", "failed")
_SECONDS_PER_DAY = 86_400


class ApiError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was rejected or a task failed; what the answer does not say is None."""

    code: int | None = None
    message: str | None = None
    request_id: str | None = None
    http_status: int | None = None


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """The output of a completed task."""

    image_urls: tuple[str, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task, as the submit and each poll give it.

    >>> task = Task(id="task_1", model="gpt-image-2-official", status="completed", created_at=1735000000)
    >>> task.is_final, task.expires_at, task.has_expired(at=1736000000)
    (True, 1735604800, True)

    ``model``, ``status`` and ``created_at`` are None if the answer does not give them properly.
    """

    id: str
    model: str | None
    status: str | None
    created_at: int | None
    output: Output | None = None
    error: ApiError | None = None

    @property
    def is_final(self) -> bool:
        """Whether the task has completed or failed, so that polling can end."""
        return self.status in ("completed", "failed")

    @property
    def image_urls(self) -> tuple[str, ...]:
        """The URLs of the images; empty until there are any."""
        return () if self.output is None else self.output.image_urls

    @property
    def expires_at(self) -> int | None:
        """When the image URLs stop being valid, in unix seconds: 7 days after ``created_at``."""
        from reapi_rules.tasks.polling import polling  # a start does without

        return None if self.created_at is None else self.created_at + polling().valid_days * _SECONDS_PER_DAY

    @takes(at=Real)
    def has_expired(self, at: float) -> bool | None:
        """Whether the image URLs are no longer valid at a time in unix seconds; None if that is unknown."""
        return None if self.expires_at is None else at >= self.expires_at
