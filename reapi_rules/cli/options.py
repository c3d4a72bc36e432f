"""The options that commands share: each group adds its options to a parser and is parsed into one frozen value."""

from __future__ import annotations

import argparse
import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.rates import RateCard
from reapi_rules.catalog.texts import Told, choice, reason
from reapi_rules.cli.exits import UnusableError
from reapi_rules.cli.said import language_of, said
from reapi_rules.cli.streams import name_of, note, open_output, printed, starts_a_list
from reapi_rules.cli.terminal import is_terminal
from reapi_rules.engine.engine import Engine, engine_for
from reapi_rules.sheets.files import DELIMITERS, SUFFIXES
from reapi_rules.sheets.results.batches import unwrap

if TYPE_CHECKING:
    from reapi_rules.sheets.meaning.settings import Settings
    from reapi_rules.sheets.results.currency import Currency

__all__ = [
    "ALL",
    "REPORTS",
    "ROWS",
    "SHEETS",
    "TABLE",
    "Layout",
    "Limits",
    "Output",
    "Pricing",
    "Source",
    "add_catalog",
    "catalog_of",
    "check_options",
    "check_spelling",
    "files_read",
    "iso_date",
    "settings_asked",
    "suffix_format",
    "suffix_of",
    "suffixes_of",
    "whole_number",
]

_LOOK = 100  # bytes
_LINES = re.compile(rb"(?:\xef\xbb\xbf)?\{[^\n]*\}[ \t\r]*\n\s*\{")
"""An object in one line, and another one behind it."""

SHEETS = ("csv", "tsv", "xlsx")
TABLE = "table"  # of a plan, for a person
REPORTS = ("text", "json", "ndjson")  # on each request
ROWS = (*REPORTS, *SHEETS, "markdown")  # of a table of results
"""The formats, by what they hold."""

ALL = "all"
"""What --sheet says for all sheets that fit."""

_SUFFIXES = {"json": "json", "ndjson": "ndjson", "jsonl": "ndjson", **SUFFIXES}
_SAVED = ("fods", "xml", "html", "htm", "pdf", "numbers", "gsheet", "et", "sxc", "slk", "dif", "wk1", "dbf")
"""Suffixes of what spreadsheet programs write and only they read."""

_WRITTEN = {suffix: _SUFFIXES[suffix] for suffix in ("json", "ndjson", "jsonl", "csv", "tsv", "tab", "xlsx")} | {
    "md": "markdown", "markdown": "markdown", "parquet": "parquet", "txt": "text", "html": "html",
    "gs": "gs", "js": "gs",
}  # fmt: skip
"""The formats that the name of an output promises."""

_READ = ("file", "answers", "card", "against", "before", "after", "rates", "columns")
"""The arguments that name files to read; so does each file in the folder of --catalog."""


class Source(msgspec.Struct, frozen=True):
    """The requests to read: the file (- is standard input), its format, and how its sheet is read.

    ``default_model`` is the model of the requests that name none.  ``account`` is the file for the account of the
    sheet as data, which may be none of ``inputs``; unless ``is_quiet``, it is told in words too.
    """

    path: str
    format: str
    sheet: str | None = None
    columns: dict[str, str] = {}
    encoding: str | None = None
    where: dict[str, str] = {}
    visible_only: bool = False
    default_model: str | None = None
    account: str | None = None
    is_quiet: bool = False
    language: str = "en"
    require_all_read: bool = False
    inputs: tuple[str, ...] = ()

    @property
    def name(self) -> Told | str:
        return name_of(self.path)

    def noting(self) -> Callable[[bytes], bytes]:
        """A function that returns each text as it is, and says once what it is taken for."""
        is_said, may_be_a_sheet, may_be_lines = False, self.path == "-" and self.format == "json", self.format == "json"

        def tell(text: bytes) -> bytes:
            nonlocal is_said, may_be_lines
            if not is_said:
                surprise = "of_batch" if unwrap(text) is not None else ""
                if may_be_a_sheet and text[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in b"[{":
                    surprise = "as_json"
                elif may_be_lines and _LINES.match(text):
                    surprise = "as_one_body"
                may_be_lines = False  # behind the first there is a list
                if surprise:
                    is_said = True
                    note(said(surprise, self.language))
            return text

        return tell

    @staticmethod
    def add(parser: argparse.ArgumentParser, name: str = "FILE", count: str | None = "?") -> None:
        parser.add_argument("file", nargs=count, metavar=name)
        parser.add_argument("--from", dest="source", choices=("json", "ndjson", *SHEETS))
        parser.add_argument("--model")
        add = parser.add_argument_group("a sheet").add_argument
        add("--sheet", metavar="NAME")
        add("--columns", metavar="FIELD=TITLE", action="append", default=[])
        add("--encoding", metavar="NAME")
        add("--where", metavar="COLUMN=VALUE", action="append", default=[])
        add("--visible-only", action="store_true")
        add = parser.add_argument_group("how a sheet was read").add_argument
        add("--account", metavar="FILE")
        add("--quiet", action="store_true")
        add("--require-all-read", action="store_true")

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Source:
        """The format is that of --from or of the suffix; standard input is JSON unless --from says otherwise."""
        path = "-" if arguments.file is None else arguments.file
        form = arguments.source or ("json" if path == "-" else suffix_format(path))
        if form is None and suffix_of(path) in _SAVED:
            raise UnusableError("is_saved", path=path, suffix=suffix_of(path))
        if form is None:
            if path.startswith(("{", "[")) and not os.path.lexists(path):
                raise UnusableError("is_body")
            if stat.S_ISDIR(os.stat(path).st_mode):  # which says first that there is no such file
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
            raise UnusableError("unknown_suffix", path=path, formats=choice(("json", "ndjson", *SHEETS)))
        if arguments.file is None and not arguments.source and (sys.stdin is None or sys.stdin.isatty()):
            raise UnusableError("name_file")
        arguments.file = path  # which no output may replace
        if arguments.sheet not in (None, ALL) and form in ("csv", "tsv"):
            raise UnusableError("sheet_of_workbook", name=name_of(path), form=form)
        account = arguments.account
        if account is not None and suffix_of(account) not in ("", "json"):
            raise UnusableError("account_format", path=account, suffix=suffix_of(account))
        return cls(
            path=path,
            format=form,
            sheet=arguments.sheet,
            columns=_columns(arguments.columns if form in SHEETS else []),
            encoding=arguments.encoding,
            where=_conditions(arguments.where),
            visible_only=arguments.visible_only,
            default_model=arguments.model or None,
            account=account,
            is_quiet=arguments.quiet,
            language=language_of(arguments),
            require_all_read=arguments.require_all_read,
            inputs=files_read(arguments),
        )


class Output(msgspec.Struct, frozen=True):
    """Where the results go (- is standard output), and in which format; empty where that depends on what is read.

    ``inputs`` are the files that they may not go to.
    """

    path: str
    format: str
    inputs: tuple[str, ...] = ()

    @staticmethod
    def add(parser: argparse.ArgumentParser, *formats: str, is_required: bool = False) -> None:
        parser.add_argument("-o", "--output", metavar="FILE", required=is_required)
        if len(formats) > 1:
            parser.add_argument("--format", choices=formats)
        parser.set_defaults(formats=formats)

    @classmethod
    def of(cls, arguments: argparse.Namespace, *, default: str = "text", formats: tuple[str, ...] = ()) -> Output:
        """The format is that of the file's name or of --format, which agree, or else the default.

        ``formats`` are those that can be written, where not all are that the command has.
        """
        path = "-" if arguments.output is None else arguments.output
        asked, formats = getattr(arguments, "format", None), formats or arguments.formats
        suffix = suffix_of(path)
        named = _WRITTEN.get(suffix)
        if (named is None and suffix and (asked is None or suffix in _SUFFIXES)) or (named and named not in formats):
            raise UnusableError("no_output_format", path=path, formats=choice(formats), suffix=suffix)
        if named and asked not in (None, named) and (named, asked) != ("text", TABLE):
            raise UnusableError("two_formats", path=path, form=asked)
        _check_apart(path, {f"--{name}": vars(arguments).get(name) for name in ("fixed", "account")})
        return cls(path, asked or named or default, files_read(arguments))

    def open(self) -> AbstractContextManager[BinaryIO]:
        return open_output(self.path, inputs=self.inputs)

    def write(self, content: bytes | Iterable[str]) -> None:
        """Write all results at once: bytes as they are, lines as people see them."""
        with self.open() as file:
            file.write(content if isinstance(content, bytes) else printed(content, file))


class Pricing(msgspec.Struct, frozen=True):
    """Whose prices count: a rate card that is given or the catalog's, and the date whose prices these are.

    ``own_catalog`` adds models and cards to the built-in ones.
    """

    rates: RateCard | None = None
    as_of: date | None = None
    own_catalog: Catalog | None = None

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--rates", metavar="FILE")
        parser.add_argument("--as-of", type=iso_date, metavar="DATE")
        add_catalog(parser)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Pricing:
        """The card is read here, once, since what it is read from may be a pipe."""
        card = None if arguments.rates is None else RateCard.load(arguments.rates)
        return cls(card, arguments.as_of, catalog_of(arguments))

    @property
    def catalog(self) -> Catalog:
        return self.own_catalog or built_in()

    def engine(self, default_model: str | None = None) -> Engine:
        """What judges and prices requests, the same one each time; UnusableError for an unknown default model."""
        if default_model is not None and default_model not in self.catalog.models:
            _check_id(default_model, self.catalog)
        return engine_for(catalog=self.own_catalog, rates=self.rates, as_of=self.as_of, default_model=default_model)

    @property
    def card(self) -> RateCard | None:
        return self.engine().card


class Limits(msgspec.Struct, frozen=True):
    """The limits that a run is asked to keep; one that is not met exits with 3.

    Where it ``is_strict``, a warning counts as a rejection.
    """

    require_price: bool = False
    max_credits: int | None = None
    fresh_days: int | None = None
    is_strict: bool = False

    @staticmethod
    def add(parser: argparse.ArgumentParser, *, of_requests: bool = True) -> None:
        if of_requests:
            parser.add_argument("--require-price", action="store_true")
            credits = whole_number("a number of credits such as 5000")
            parser.add_argument("--max-credits", type=credits, metavar="N")
        days = whole_number("a number of days such as 90", most=99_999, unit="d")
        parser.add_argument("--require-fresh", type=days, metavar="DAYS")

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Limits:
        given = vars(arguments)
        return cls(given.get("require_price", False), given.get("max_credits"), arguments.require_fresh)


class Layout(msgspec.Struct, frozen=True):
    """How a sheet is written, and the cells that rows get instead of their own."""

    format: str
    delimiter: str | None
    settings: Settings | None = None
    for_excel: bool = False
    guard_all: bool = False
    in_place: bool = False
    shows_progress: bool = True
    currency: Currency | None = None

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--set", metavar="FIELD=VALUE", action="append", default=[], dest="settings")
        parser.add_argument("--set-only", choices=("blank", "auto"), default="", dest="only")
        add = parser.add_argument_group("how a sheet is written").add_argument
        add("--rows", action="store_true")
        add("--currency", metavar="CODE=RATE")
        add("--excel", action="store_true")
        add("--delimiter", choices=tuple(DELIMITERS))
        add("--guard-all", action="store_true")
        add("--in-place", action="store_true")
        add("--no-progress", action="store_true")

    @classmethod
    def plain(cls, form: str, source: Source) -> Layout:
        """A sheet written as it was read, as far as the format allows."""
        return cls(form, "\t" if form == "tsv" else "," if source.format == "tsv" else None)

    @classmethod
    def of(cls, arguments: argparse.Namespace, source: Source, pricing: Pricing) -> Layout | None:
        """None where no sheet is to be written, but reports."""
        form = (_format_in_place if arguments.in_place else _sheet_format)(arguments, source)
        if form is None:
            return None
        check_spelling(arguments, form)
        return cls(
            format=form,
            settings=settings_asked(arguments, pricing),
            delimiter=DELIMITERS.get(arguments.delimiter, cls.plain(form, source).delimiter),
            for_excel=arguments.excel,
            guard_all=arguments.guard_all,
            in_place=arguments.in_place,
            shows_progress=not arguments.no_progress,
            currency=_currency(arguments.currency),
        )


def _currency(given: str | None) -> Currency | None:
    if given is None:
        return None
    from reapi_rules.sheets.results.currency import Currency

    try:
        return Currency.of(given, date.today())
    except ValueError as error:
        raise UnusableError("bad_currency", error=error) from None


def add_catalog(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalog", metavar="FOLDER")


def catalog_of(arguments: argparse.Namespace) -> Catalog | None:
    """The catalog with the models and the rate cards of a folder; None without one."""
    return None if arguments.catalog is None else Catalog.load(arguments.catalog)


def files_read(arguments: argparse.Namespace) -> tuple[str, ...]:
    """All files that a run reads, whichever option names them; - is standard input."""
    given = (getattr(arguments, name, None) or () for name in _READ)
    named = [file for files in given for file in ([files] if isinstance(files, str) else files)]
    folder: str | None = getattr(arguments, "catalog", None)
    for place in [] if folder is None else [os.path.join(folder, kind) for kind in ("models", "rates")]:
        with suppress(OSError):
            named += (entry.path for entry in os.scandir(place))
    return tuple(file for file in named if os.path.exists(file) or "=" not in file)


def suffix_format(path: str | None) -> str | None:
    return _SUFFIXES.get((path or "").rpartition(".")[2].lower())


def suffix_of(path: str) -> str:
    """The suffix of a file's name, in lower case and without its full stop; a name such as ``.xlsx`` is one."""
    name = os.path.basename(path).lower()
    return name[1:] if name[:1] == "." and name[1:] in _WRITTEN else os.path.splitext(name)[1][1:]


def suffixes_of(form: str) -> list[str]:
    return [suffix for suffix, read_as in _SUFFIXES.items() if read_as == form]


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-07-31") from None


def whole_number(what: str, *, least: int = 0, most: int = 10**15, unit: str = "") -> Callable[[str], int]:
    """What reads a number on the command line, with its unit or without it.

    >>> whole_number("a number of days such as 90", unit="d")("30d")
    30
    """

    def read(text: str) -> int:
        digits = re.fullmatch("0*([0-9]{1,16})", text.removesuffix(unit))
        if digits is None or not least <= int(digits[1]) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
        return int(digits[1])

    return read


def _check_apart(results: str, others: Mapping[str, str | None]) -> None:
    """Raise UnusableError for two outputs that go to one place."""
    taken: dict[str, Told | str] = {os.path.realpath(results): Told("results")}
    for output, path in others.items():
        if path is not None and (other := taken.setdefault(os.path.realpath(path), output)) != output:
            place = Told("standard_output") if path == "-" else path
            raise UnusableError("one_place", first=other, second=output, place=place)


def _conditions(texts: Iterable[str]) -> dict[str, str]:
    """The values of --where by their column, one for each."""
    found: dict[str, str] = {}
    for text in texts:
        title, sign, value = text.partition("=")
        title = title.strip()
        # titles are compared without signs, so that campaign!=Spring would be read as its opposite
        if not sign or title.endswith(("!", "<", ">")):
            raise UnusableError("where_form", text=text)
        if title.casefold() in map(str.casefold, found):
            raise UnusableError("where_twice", text=text)
        found[title] = value
    return found


def _check_id(model: str, catalog: Catalog) -> None:
    report = engine_for(catalog=catalog).look({"model": model})
    if error := next((error for error in report.errors if error.field == "model"), None):
        from reapi_rules.catalog.messages import hint, text  # most runs do without

        key = "bad_model" if error.hint is None else "bad_model_hint"
        raise UnusableError(key, message=partial(text, error), hint=partial(hint, error))


def _columns(texts: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for text in texts:
        field, sign, title = text.partition("=")
        mapping |= {field.strip(): title.strip()} if sign else _columns_file(text)
    return mapping


def _columns_file(path: str) -> dict[str, str]:
    import tomllib  # slow to import

    try:
        with open(path, "rb") as file:
            mapping = tomllib.load(file)
    except OSError as error:
        raise UnusableError("no_columns_file", path=path, error=reason(error)) from None
    except (ValueError, RecursionError) as error:
        raise UnusableError("no_toml", path=path, error=error) from None
    if not all(isinstance(title, str) for title in mapping.values()):
        raise UnusableError("columns_lines", path=path)
    return mapping


def _sheet_format(arguments: argparse.Namespace, source: Source) -> str | None:
    """That of --format or of the output's suffix, else that of the input; None for reports.

    On a terminal it is a table for people; a workbook goes to standard output as CSV unless it is asked for.
    """
    form = arguments.format or _WRITTEN.get(suffix_of(arguments.output or ""))
    if arguments.rows:
        return form if form in ("json", *SHEETS) else "ndjson"
    if form is None and _is_for_people(arguments, source):
        form = TABLE
    if form is None:
        form = "csv" if source.format == "xlsx" and arguments.output in (None, "-") else source.format
    return form if form in (*SHEETS, TABLE) else None


def _is_for_people(arguments: argparse.Namespace, source: Source) -> bool:
    """Whether the results go to a terminal, and nothing says how they are to be written."""
    has_wishes = arguments.excel or arguments.delimiter or arguments.guard_all
    is_plan = source.format != "json" or starts_a_list(source.path)
    return arguments.output is None and not has_wishes and is_terminal(sys.stdout) and is_plan


def _format_in_place(arguments: argparse.Namespace, source: Source) -> str:
    is_pipe = os.path.exists(source.path) and not os.path.isfile(source.path)
    if source.path == "-" or is_pipe or arguments.output is not None:
        raise UnusableError("in_place_file")
    if source.format not in SHEETS or arguments.format not in (None, source.format) or arguments.rows:
        raise UnusableError("in_place_sheet", formats=choice(SHEETS))
    return source.format


def check_spelling(arguments: argparse.Namespace, form: str, *, is_sheet: bool = True) -> None:
    """Raise UnusableError for options of CSV where none is written; a table of totals is CSV that is always guarded."""
    is_csv = form in ("csv", "tsv")
    for option, fits in (("excel", is_csv and is_sheet), ("delimiter", is_csv and is_sheet), ("guard_all", is_csv)):
        if getattr(arguments, option) and not fits:
            what = Told("of_totals" if is_csv else form or "a_report")
            raise UnusableError("for_csv", option=option.replace("_", "-"), what=what)


def check_options(arguments: argparse.Namespace, *sources: Source, is_told: bool = False) -> None:
    """Raise UnusableError for options of a sheet where none is read, and for a choice of rows where bodies are, too.

    ``is_told`` is whether an account is given of bodies as well.  Without a source there is one request.
    """
    bodies = [source for source in sources if source.format not in SHEETS]
    options: tuple[str, ...] = () if sources and not bodies else ("where",)
    if len(bodies) == len(sources):
        options += ("sheet", "columns", "encoding", "visible_only")
        options += () if is_told else ("account", "require_all_read")
    for option in options if sources else (*options, "by", "rows", "settings", "currency"):
        if getattr(arguments, option):
            name = "set" if option == "settings" else option.replace("_", "-")
            if not bodies:
                raise UnusableError("for_file", option=name)
            key = "for_sheet_from" if bodies[0].path == "-" else "for_sheet"
            raise UnusableError(key, option=name, name=bodies[0].name, form=bodies[0].format, formats=choice(SHEETS))


def settings_asked(arguments: argparse.Namespace, pricing: Pricing) -> Settings | None:
    """The cells that --set puts into rows; None without any."""
    if arguments.only and not arguments.settings:
        raise UnusableError("set_only_alone")
    if not arguments.settings:
        return None
    from reapi_rules.sheets.meaning.settings import Settings  # a request by flags starts faster without the sheets

    return Settings.of(arguments.settings, arguments.only, pricing.own_catalog)
