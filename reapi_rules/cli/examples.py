"""Three examples for the help of each command."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

_OF_COMMANDS = {
    "": (
        "reapi-rules quote --size 16:9 --resolution 2k --quality high",
        "reapi-rules check body.json",
        "reapi-rules explain 20003",
    ),
    "check": (
        "reapi-rules check body.json",
        "reapi-rules check bodies.ndjson --fixed fixed.ndjson",
        "reapi-rules check plan.csv --strict",
    ),
    "quote": (
        "reapi-rules quote plan.xlsx -o quoted.xlsx",
        "reapi-rules quote plan.csv --by campaign --max-credits 5000",
        "reapi-rules quote --size 16:9 --resolution 2k --quality high --n 2",
    ),
    "advise": (
        "reapi-rules advise body.json",
        "reapi-rules advise plan.csv",
        "reapi-rules advise bodies.ndjson --format json -o savings.json",
    ),
    "reconcile": (
        "reapi-rules reconcile plan.csv answers.ndjson --key asset",
        "reapi-rules reconcile batch.jsonl results.jsonl",
        "reapi-rules reconcile plan.csv answers.ndjson -o accounts.csv",
    ),
    "rates": (
        "reapi-rules rates list",
        "reapi-rules rates import models.html -o card.json",
        "reapi-rules rates diff reapi-2026-07-28 card.json",
    ),
    "rates list": (
        "reapi-rules rates list",
        "reapi-rules rates list --format csv",
        "reapi-rules rates list --catalog my-models",
    ),
    "rates import": (
        "reapi-rules rates import models.html -o card.json",
        "reapi-rules rates import models.html --checked-on 2026-09-15 -o card.json",
        "reapi-rules rates import list.json",
    ),
    "rates lint": (
        "reapi-rules rates lint card.json",
        "reapi-rules rates lint card.json --against old-card.json",
        "reapi-rules rates lint card.json --format json",
    ),
    "rates diff": (
        "reapi-rules rates diff old-card.json card.json",
        "reapi-rules rates diff reapi-2026-07-28 card.json",
        "reapi-rules rates diff reapi-2026-07-28 card.json plan.csv",
    ),
    "explain": (
        "reapi-rules explain 20003 body.json",
        "reapi-rules explain 429",
        "reapi-rules explain size.needs_widescreen",
    ),
    "table": (
        "reapi-rules table models",
        "reapi-rules table dimensions",
        "reapi-rules table rates --format csv -o rates.csv",
    ),
    "completion": (
        "reapi-rules completion bash",
        "reapi-rules completion zsh",
        "reapi-rules completion tcsh",
    ),
    "export": (
        "reapi-rules export prices -o prices.csv",
        "reapi-rules export workbook -o quote.xlsx",
        "reapi-rules export schema -o schema.json",
    ),
    "export prices": (
        "reapi-rules export prices -o prices.csv",
        "reapi-rules export prices --n 1 2 3 4 --format markdown",
        "reapi-rules export prices --model gpt-image-2 -o prices.json",
    ),
    "export module": (
        "reapi-rules export module -o static/reapi-rules",
        "reapi-rules export module -o node_modules/reapi-rules",
        "reapi-rules export module -o static/reapi-rules --catalog my-models",
    ),
    "export page": (
        "reapi-rules export page -o calculator.html",
        "reapi-rules export page -o calculator.html --rates my-card.json",
        "reapi-rules export page -o calculator.html --catalog my-models",
    ),
    "export apps-script": (
        "reapi-rules export apps-script -o Code.gs",
        "reapi-rules export apps-script -o Code.gs --rates my-card.json",
        "reapi-rules export apps-script -o Code.gs --catalog my-models",
    ),
    "export workbook": (
        "reapi-rules export workbook -o quote.xlsx",
        "reapi-rules export workbook -o quote.xlsx --lines 2000",
        "reapi-rules export workbook -o quote.xlsx --rates card.json",
    ),
    "export choices": (
        "reapi-rules export choices -o choices.json",
        "reapi-rules export choices --rates card.json -o choices.json",
        "reapi-rules export choices --catalog my-models -o choices.json",
    ),
    "export choices-schema": (
        "reapi-rules export choices-schema",
        "reapi-rules export choices-schema -o choices.schema.json",
        "reapi-rules export choices-schema -o reapi-choices.json",
    ),
    "export messages": (
        "reapi-rules export messages",
        "reapi-rules export messages -o messages.json",
        "reapi-rules export messages -o reapi-messages.json",
    ),
}
_OF_MODELS = {
    f"export {kind}": (
        f"reapi-rules export {kind} -o {kind}.json",
        f"reapi-rules export {kind} --default-model gpt-image-2 -o {kind}.json",
        f"reapi-rules export {kind} --catalog my-models -o {kind}.json",
    )
    for kind in ("schema", "schema-map", "form-schema", "form-schema-map", "openapi")
}
EXAMPLES: dict[str, tuple[str, str, str]] = {
    f"reapi-rules {name}".strip(): lines for name, lines in {**_OF_COMMANDS, **_OF_MODELS}.items()
}
"""By the name of a command."""
