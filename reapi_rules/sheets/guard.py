"""Formula injection: text that a spreadsheet would run, made text again.

A spreadsheet takes a CSV cell that begins with one of six signs for a formula.  An apostrophe in front of it stops
that.  Source: OWASP, "CSV Injection"; CWE-1236.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["guard", "guard_own", "unguard"]

_DANGEROUS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DANGEROUS_ANYWHERE = re.compile(r'((?:^|[,;|"\n]) *)(?=[=+\-@\t\r])')


def guard(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number stays one.

    >>> guard("=1+1"), guard("-5"), guard("a fox")
    ("'=1+1", '-5', 'a fox')
    """
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text


def guard_own(text: str) -> str:
    """A cell of ours that may quote the user's text: guarded behind separators too, at which a cell may be cut.

    >>> guard_own('invalid size "=1+1;@x"')
    'invalid size "\\'=1+1;\\'@x"'
    """
    return _DANGEROUS_ANYWHERE.sub(r"\1'", text)


def unguard(cell: Any) -> Any:
    """The cell as it was before ``guard``.

    >>> unguard("'=1+1"), unguard("'quoted'")
    ('=1+1', "'quoted'")
    """
    is_guarded = isinstance(cell, str) and cell.startswith("'") and _DANGEROUS.match(cell, 1)
    return cell[1:] if is_guarded else cell
