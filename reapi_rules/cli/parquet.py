"""The table of prices as Parquet, for engines that read it with its types.

Needs pyarrow: ``pip install "reapi-rules[parquet]"``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import get_args, get_type_hints

from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.rows import Row
from reapi_rules.forms.extras import need
from reapi_rules.prices.table import PriceRow

__all__ = ["parquet"]


def parquet(rows: Sequence[Row]) -> bytes:
    """Rows of prices as a Parquet file; a column has the type of its field, whatever is in it."""
    try:
        arrow, files = need("pyarrow", "parquet"), need("pyarrow.parquet", "parquet")
    except ImportError as error:
        raise UnusableError(str(error)) from None
    kinds = {name: arrow.int64() if int in get_args(kind) else arrow.string() for name, kind in _KINDS.items()}
    schema = arrow.schema([(name, kinds[name]) for name in rows[0]])
    file = io.BytesIO()
    files.write_table(arrow.Table.from_pylist(list(rows), schema), file)
    return file.getvalue()


_KINDS = get_type_hints(PriceRow)
