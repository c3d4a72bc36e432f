"""Formula injection: text that a spreadsheet would run, made text again.

A spreadsheet may take a CSV cell for a formula that begins with one of four signs, in any width and behind blanks, or
with a tab or a line end.  An apostrophe in front of it stops that.  Source: OWASP, "CSV Injection"; CWE-1236.
"""

from __future__ import annotations

import re

from reapi_rules.terms.values import CONTROLS

__all__ = ["guard", "guard_own"]

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_BLANK = r"(?:[^\S\t\r\n]|[\u200b-\u200d\u2060\ufeff])"
_DANGEROUS = re.compile(rf"{_BLANK}*[{_SIGNS}\t\r\n]")
_CONTROLS = {code: text for code, text in CONTROLS.items() if chr(code) not in "\t\r\n"}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DANGEROUS_ANYWHERE = re.compile(rf"""((?:^|[,;|"\n]){_BLANK}*)(?=[{_SIGNS}\t\r\n])""")


def guard(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number stays one.

    >>> guard("=1+1"), guard(" ＝1+1"), guard("-5"), guard("a fox")
    ("'=1+1", "' ＝1+1", '-5', 'a fox')
    """
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text


def guard_own(text: str) -> str:
    """A cell of ours that may quote others: guarded behind separators too, and without what would steer a terminal.

    >>> guard_own('invalid size "=1+1;@x"')
    'invalid size "\\'=1+1;\\'@x"'
    """
    return _DANGEROUS_ANYWHERE.sub(r"\1'", text if text.isprintable() else text.translate(_CONTROLS))
