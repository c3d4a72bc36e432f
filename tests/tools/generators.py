"""What generators of types and forms make of the schemas: ``python -m tests.tools.generators``, with node and npm.

It fetches the versions below into a temporary folder (or ``--packages FOLDER``, which has them already) and says for each
program what came of ``export schema`` in both dialects.  docs/browser.md has the findings; a test compares the names.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import get_args

from reapi_rules.forms.schema import Dialect, request_schema

VERSIONS = {
    "json-schema-to-typescript": "16.0.0",
    "quicktype": "26.0.0",
    "json-schema-to-zod": "2.8.1",
    "zod": "4.6.7",
    "@rjsf/core": "6.11.1",
    "@rjsf/utils": "6.11.1",
    "@rjsf/validator-ajv8": "6.11.1",
    "react": "19",
    "react-dom": "19",
    "@jsonforms/core": "3.8.0",
    "@hookform/resolvers": "7.0.9",
    "react-hook-form": "7",
    "ajv": "8",
    "ajv-errors": "3",
}
TRIAL = Path(__file__).with_suffix(".mjs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", metavar="FOLDER", help="a folder whose node_modules has the packages")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.packages:
            (folder / "node_modules").symlink_to(Path(arguments.packages, "node_modules").resolve())
        else:
            packages = [f"{package}@{version}" for package, version in VERSIONS.items()]
            subprocess.run(["npm", "install", "--silent", "--no-package-lock", *packages], cwd=folder, check=True)
        for dialect in get_args(Dialect):
            schema = request_schema(dialect=dialect)
            (folder / f"{dialect}.json").write_text(json.dumps(schema), encoding="utf-8")
        script = Path(shutil.copy(TRIAL, folder))
        done = subprocess.run(["node", str(script)], cwd=folder, check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        program, dialect, finding = json.loads(line)
        print(f"{program:27} {dialect:9} {finding}")  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    main()
