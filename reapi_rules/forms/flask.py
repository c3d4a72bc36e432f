"""Flask: notice forms whose bytes are not UTF-8."""

from __future__ import annotations

from functools import cached_property
from typing import IO, Any
from urllib.parse import parse_qsl

from reapi_rules.catalog.extras import need

__all__ = ["read_as_utf8"]


def read_as_utf8(app: Any) -> None:
    """Let a Flask application read its forms so that ``preflight_form`` refuses bytes that are not UTF-8.

    Werkzeug would turn such bytes into percent signs and digits, as if typed; here they become U+FFFD,
    in a form and in the query of an address.  Call it before the first request.
    """
    form_parser = need("werkzeug.formparser", "flask")

    class Parser(form_parser.FormDataParser):  # type: ignore[misc, name-defined]
        def parse(self, stream: IO[bytes], mimetype: str, *arguments: Any, **named: Any) -> Any:
            if mimetype != "application/x-www-form-urlencoded":
                return super().parse(stream, mimetype, *arguments, **named)
            return stream, self.cls(_pairs(stream.read())), self.cls()

    class Request(app.request_class):  # type: ignore[misc]
        form_data_parser_class = Parser

        @cached_property
        def args(self) -> Any:
            return self.parameter_storage_class(_pairs(self.query_string))

    app.request_class = Request


def _pairs(data: bytes) -> list[tuple[str, str]]:
    return parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
