"""What a notebook shows of an object: a small table, as HTML that no value can break out of."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["html_table"]


def html_table(rows: Iterable[tuple[str, object]]) -> str:
    """A table of titles and values; what has no value is left out.

    >>> html_table([("model", "<b>"), ("credits", 759), ("reason", None)])
    '<table><tr><th>model</th><td>&lt;b&gt;</td></tr><tr><th>credits</th><td>759</td></tr></table>'
    """
    from html import escape  # a program that is no notebook starts faster without it

    cells = (f"<th>{escape(title)}</th><td>{escape(str(value))}</td>" for title, value in rows if value is not None)
    return f"<table>{''.join(f'<tr>{each}</tr>' for each in cells)}</table>"
