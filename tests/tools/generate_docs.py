"""Generate the pages and plots of docs/ that are data, and what of the JavaScript module and the calculator follows.

``python -m tests.tools.generate_docs`` writes them.

A test fails if a page differs from its data.  A further page is a function and a line in ``PAGES``.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.rules import Row, Rule
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.sheets.live.workbook import write_workbook
from reapi_rules.sheets.meaning.columns import column_names
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.tasks.endings import endings
from reapi_rules.tasks.explanations import RuleExplanation, explain
from reapi_rules.web.module import data_module
from reapi_rules.web.page import page
from tests.tools.command_line_page import command_line_page
from tests.tools.plots import price_map, speed
from tests.tools.python_reference import reference_pages
from tests.tools.reference_pages import dimensions_page, errors_page, prices_page, table

DOCS = Path(__file__).parents[2] / "docs"
WORKBOOK = DOCS / "examples" / "quote.xlsx"
WEB = DOCS.parent / "reapi_rules" / "web"
TSC = DOCS.parent / "node_modules" / ".bin" / "tsc"

RULES_HEAD = """# The rules

These are all the rules. Each has an id that never changes its meaning. In your code match on the id or on the code, never on
the message. `reapi-rules explain ID` prints the same on the command line.

{table}

- **error**: reAPI would answer 400. **warning**: reAPI accepts it, but it costs money, loses something or is probably a
  mistake. **note**: good to know.
- **documented**: reAPI's page says so. **inferred**: it follows from the page or from other public material of reAPI's.
  **unspecified**: the page leaves it open, and we chose. The certainty shown is that of the first model with the field; for
  other models it can be lower.

This page is generated from `data/rules.json`, `data/task-rules.json` and `data/forms.json`.
"""


ANSWERS_HEAD = """## Answers and masks

These rules are about what comes back, and about masks before the upload; they are never part of the verdict on a request.
Here an **error** is an answer that contradicts reAPI's page or the request, or a mask that reAPI refuses. The examples are
answers to a request with n 2.
"""


FORMS_HEAD = """## Forms

These rules are about what a form sends, before it is a request.
"""


ENDINGS_START, ENDINGS_END = "<!-- endings -->", "<!-- end -->"
WORDS = {True: "yes", False: "no", None: "not published"}


def rules_page() -> str:
    """Every rule with its anchor, in documented order."""
    return "\n".join(
        [
            RULES_HEAD.format(
                table=table(
                    ["rule", "kind", "code", "when"],
                    map(_row, [*built_in().rules, *(rule.id for rule in task_rules().rules), *form_rules()]),
                )
            ),
            "## Requests\n",
            *_sections(built_in().rules.values()),
            ANSWERS_HEAD,
            *_sections(task_rules().rules),
            FORMS_HEAD,
            *_sections(form_rules().values()),
        ]
    )


def _row(rule: str) -> list[Any]:
    said = explain(rule)
    assert isinstance(said, RuleExplanation)
    code = "" if said.code is None else f"[{said.code}](errors.md#code-{said.code})"
    return [f"[`{said.rule}`](#{said.link.partition('#')[2]})", said.level, code, said.trigger]


def _sections(rules: Iterable[Rule | Row]) -> list[str]:
    return [_section(explain(rule.id), rule.message) for rule in rules]


def _section(rule: Any, template: str) -> str:
    assert isinstance(rule, RuleExplanation)
    message = template if "{detail}" in template else rule.message  # the detail is the decoder's, and not ours
    code = "" if rule.code is None else f", code [{rule.code}](errors.md#code-{rule.code})"
    lines = [
        f'<a id="{rule.link.partition("#")[2]}"></a>',
        "",
        f"### `{rule.rule}`",
        "",
        f'{rule.level}{code}, {rule.certainty} (section "{rule.section}")',
        "",
        f"- When: {rule.trigger}",
        f"- Message: {_code(message)}",
    ]
    if rule.hint is not None:
        lines.append(f"- What to do: {_code(rule.hint) if '{' in rule.hint or '<' in rule.hint else rule.hint}")
    for name, changes in rule.variants.items():
        lines.append(
            f"- In the variant `{name}`: " + ", ".join(f"{key} {_code(text)}" for key, text in changes.items())
        )
    if rule.example is not None:
        example = (
            rule.example if isinstance(rule.example, str) else json.dumps(_short(rule.example), ensure_ascii=False)
        )
        lines.append(f"- Example: {_code(example)}")
    return "\n".join([*lines, ""])


def _code(text: Any) -> str:
    """The text as inline code; two backquotes around it where it holds one."""
    return f"`` {text} ``" if "`" in str(text) else f"`{text}`"


def _short(example: dict[str, Any]) -> dict[str, Any]:
    """The example with its long texts and lists cut, which the page says by three dots."""
    return {key: _cut(value) for key, value in example.items()}


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 80:
        return value[:20] + "..."
    return [*value[:1], "..."] if isinstance(value, list) and len(value) > 3 else value


def after_the_submit_page() -> str:
    """The page as it is, with a new table of endings."""
    head, _, rest = (DOCS / "after-the-submit.md").read_text(encoding="utf-8").partition(ENDINGS_START)
    rows = [
        f"| `{row.name}` | {row.meaning} | {WORDS[row.charged]} | {WORDS[row.refunded]} | {row.certainty} | `{row.resend}` |"
        for row in endings().values()
    ]
    head_row = "| ending | what happened | charged | refunded | certainty | resend |"
    table = "\n".join([head_row, "|---|---|---|---|---|---|", *rows])
    return f"{head}{ENDINGS_START}\n{table}\n{ENDINGS_END}{rest.partition(ENDINGS_END)[2]}"


def columns_page() -> str:
    """The page as it is, with new tables of columns."""
    names, known = column_names(), subjects()
    text = (DOCS / "columns.md").read_text(encoding="utf-8")
    usual = {place.name: subject for subject, place in known.places.items() if place.name in known.usual}
    headers = [
        f"| `{name}` | {', '.join(other for other in aliases().of(usual[name], titles=True) if other != name)} |"
        for name in known.usual
    ]
    others: dict[str, list[str]] = {}
    for model in built_in().models.values():
        for name, field in model.fields.items():
            if field.role is None and name not in known.usual:
                others.setdefault(name, []).append(f"`{model.id}`")
    of_some = [f"| `{name}` | {', '.join(models)} |" for name, models in others.items()]
    both = [
        f"| {title} | `{'` or `'.join(known.places[subject].name for subject in meant)}` |"
        for title, meant in aliases().either.items()
    ]
    maybe: dict[tuple[str, ...], list[str]] = {}
    for title, meant in aliases().perhaps.items():
        maybe.setdefault(meant, []).append(title)
    perhaps = [
        f"| {', '.join(titles)} | `{'` or `'.join(known.places[subject].name for subject in meant)}` |"
        for meant, titles in maybe.items()
    ]
    ours = [
        f"| `{column.name}` | {column.meaning['en']} |"
        for column in (*names.results, *names.what_if, *names.advice, *names.live)
    ]
    notes = [f"| `{note}` | {texts['en'].replace('{', '*').replace('}', '*')} |" for note, texts in names.notes.items()]
    for name, head, rows in (
        ("headers", "| field | also found as |", headers),
        ("others", "| field | models |", of_some),
        ("either", "| title | is |", both),
        ("perhaps", "| title | is |", perhaps),
        ("ours", "| column | what it says |", ours),
        ("notes", "| note | what it says |", notes),
    ):
        before, _, rest = text.partition(f"<!-- {name} -->")
        table = "\n".join([head, "|---|---|", *rows])
        text = f"{before}<!-- {name} -->\n{table}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return text


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "after-the-submit.md": after_the_submit_page,
    "columns.md": columns_page,
    "dimensions.md": dimensions_page,
    "prices.md": prices_page,
    "errors.md": errors_page,
    "command-line.md": command_line_page,
    "price-map.svg": price_map,
    "speed.svg": lambda: speed((DOCS / "how-fast.md").read_text(encoding="utf-8")),
}
"""The generated pages of docs/, and what makes each; those of docs/reference come from ``reference_pages``."""


def pages() -> dict[str, str]:
    """The text of every generated page by its name in docs/."""
    return {**{name: page() for name, page in PAGES.items()}, **reference_pages()}


def module_types() -> str:
    """The types of the JavaScript module, as TypeScript reads them from its comments."""
    options = ("--allowJs", "--declaration", "--emitDeclarationOnly", "--target", "es2024", "--module", "nodenext")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([TSC, *options, "--outDir", folder, WEB / "reapi-rules.mjs"], check=True)
        return (Path(folder) / "reapi-rules.d.mts").read_text(encoding="utf-8")


def workbook() -> bytes:
    """The self-calculating workbook on the newest card, for people who install nothing."""
    output = io.BytesIO()
    write_workbook(output, card=built_in().card())
    return output.getvalue()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    shutil.rmtree(DOCS / "reference", ignore_errors=True)  # pages of modules that are gone
    for name, text in pages().items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")
    WORKBOOK.write_bytes(workbook())
    (WEB / "reapi-rules.data.mjs").write_text(data_module(), encoding="utf-8")
    (DOCS / "examples" / "calculator.html").write_text(page(), encoding="utf-8")
    if TSC.exists():
        (WEB / "reapi-rules.d.mts").write_text(module_types(), encoding="utf-8")
