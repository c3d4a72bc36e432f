"""LibreOffice Calc without a window: what it makes of a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["LANGUAGES", "Calc", "needs_calc"]

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
needs_calc = pytest.mark.skipif(PROGRAM is None, reason="needs LibreOffice Calc: apt-get install libreoffice-calc")

LANGUAGES = {"en-US": 1033, "en-GB": 2057, "de": 1031, "zh": 2052}
"""The numbers of languages in Calc's CSV filter."""

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
 </item>
</oor:items>
"""


class Calc:
    """Calc with a profile of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)

    def convert(
        self, *sources: Path, form: str, into: str = "converted", options: str = "", reading: str = ""
    ) -> list[Path]:
        """The files as Calc saves them in another format."""
        target = self.folder / into
        subprocess.run(
            [
                PROGRAM or "soffice", f"-env:UserInstallation={(self.folder / 'profile').as_uri()}", "--headless", "--norestore",
                *([f"--infilter={reading}"] if reading else []), "--convert-to", f"{form}:{options}" if options else form, "--outdir", str(target), *map(str, sources),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )  # fmt: skip
        return [target / f"{source.stem}.{form}" for source in sources]

    def save_csv(self, *sources: Path, language: str, into: str) -> list[Path]:
        """CSV files opened with "Detect special numbers" on, and saved as CSV with the cells as they are shown."""
        tokens = f"44,34,76,1,,{LANGUAGES[language]},false,true"
        return self.convert(
            *sources, form="csv", into=into, options=f"Text - txt - csv (StarCalc):{tokens}", reading=f"CSV:{tokens}"
        )
