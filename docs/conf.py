"""The documentation site: ``sphinx-build -W -b html docs docs/_build``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reapi_rules import __version__

project = "reapi_rules"
author = "The reapi_rules authors"
copyright = "2026, the reapi_rules authors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "examples"]
html_theme = "furo"
html_title = f"reapi_rules {release}"
myst_heading_anchors = 4
autodoc_typehints = "description"
autodoc_member_order = "bysource"
suppress_warnings = ["misc.highlighting_failure", "myst.xref_missing"]  # links to files beside docs/ are for code hosts
