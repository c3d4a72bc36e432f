"""The documentation site: ``sphinx-build -W -n -b html docs docs/_build``.

The pages are plain Markdown that reads well on a code host too.  So the menu is made from the links on the index pages,
anchors are written as ``<a id="..."></a>``, and two pages only link to files above this folder, which the site shows.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish
from sphinx.transforms import SphinxTransform

sys.path.insert(0, str(Path(__file__).parent.parent))

from reapi_rules import __version__

project = "reapi_rules"
author = "The reapi_rules authors"
copyright = "the reapi_rules authors"
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples"]
html_theme = "furo"
pygments_dark_style = "github-dark"  # the usual one underlines names, as if they were links
html_title = f"reapi_rules {release}"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
html_use_index = False  # the pages define no terms for it
myst_heading_anchors = 4
smartquotes_action = "q"  # a double hyphen begins an option
suppress_warnings = ["misc.highlighting_failure"]  # JSON and Python are shown with three dots for what is left out

ROOT = Path(__file__).parent.parent
SECTION = re.compile(r"^## (.*)\n((?:(?!## ).*\n?)*)", re.MULTILINE)
PAGE_LINK = re.compile(r"\]\((?!\w+:)([^)#]+)\.md\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


SHOWN = {"changelog": "CHANGELOG.md", "contributing": "CONTRIBUTING.md"}


def show_file(_: Sphinx, page: str, source: list[str]) -> None:
    """Show a file above this folder in place of the page that links to it."""
    if page in SHOWN:
        text = (ROOT / SHOWN[page]).read_text(encoding="utf-8")
        source[0] = text.replace("](docs/", "](").replace("](CHANGELOG.md)", "](changelog.md)")


def add_menu(_: Sphinx, page: str, source: list[str]) -> None:
    """Make the menu of an index page: an entry for each page that it links to, under the first heading that does."""
    if page.rpartition("/")[2] == "index":
        seen: set[str] = set()
        for title, text in SECTION.findall(source[0]):
            pages = [name for name in dict.fromkeys(PAGE_LINK.findall(text)) if name not in seen]
            seen.update(pages)
            entries = "\n".join(pages)
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{entries}\n```\n" if pages else ""


class MoveAnchors(SphinxTransform):
    """Give each ``<a id>`` to the heading below it, so that links to it are checked as links to headings are."""

    default_priority = 870  # before MyST resolves the links within a page

    def apply(self, **_: object) -> None:
        for paragraph in list(self.document.findall(nodes.paragraph)):
            name = ANCHOR.fullmatch(paragraph.astext())
            section = paragraph.next_node(nodes.section, descend=False, siblings=True, ascend=True) if name else None
            if name and section is not None:
                section["ids"] = [name[1], *(each for each in section["ids"] if each != name[1])]
                self.document.ids[name[1]] = section
                self.document.myst_slugs[name[1]] = (paragraph.line or 0, name[1], section[0].astext())
                paragraph.parent.remove(paragraph)


def copy_calculator(app: Sphinx, error: Exception | None) -> None:
    """Put the calculator where its page links to, to be opened and not to be saved."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir, "examples")
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(__file__).parent / "examples" / "calculator.html", folder)


class TrimBlocks(SphinxTransform):
    """Drop the blank last lines of code blocks, which end Python examples."""

    default_priority = 870

    def apply(self, **_: object) -> None:
        for block in self.document.findall(nodes.literal_block):
            text = block.astext().rstrip("\n")
            block.rawsource = text
            block.children[:] = [nodes.Text(text)]


class Search(SearchEnglish):
    """English, and numbers such as 20003, which Sphinx leaves out of its index."""

    def word_filter(self, word: str) -> bool:
        return word.isdigit() or super().word_filter(word)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", show_file)
    app.connect("source-read", add_menu)
    app.connect("build-finished", copy_calculator)
    app.add_transform(MoveAnchors)
    app.add_transform(TrimBlocks)
    app.add_search_language(Search)
