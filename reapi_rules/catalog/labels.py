"""Labels: what a front end shows for fields and options, and how it joins sentences: the file ``data/labels.json``."""

from __future__ import annotations

from typing import Literal

from reapi_rules.catalog.files import FileStruct

__all__ = ["Labels", "labels"]

Text = dict[str, str]
"""The same in each language."""


class Labels(FileStruct, frozen=True, kw_only=True):
    """The file ``data/labels.json``; ``options`` are by the role of their field, or by its name if it has none."""

    format: Literal["reapi-labels/2"]
    languages: tuple[str, ...]
    sentences: dict[str, Text]
    fields: dict[str, Text]
    descriptions: dict[str, Text]
    options: dict[str, dict[str, Text]]

    def field(self, name: str) -> Text:
        """The label of a field by language, or its own name."""
        return self.fields.get(name) or dict.fromkeys(self.languages, name)

    def option(self, field: str, word: str) -> Text:
        """The label of an option by language, or the word itself; ``field`` is a role or a name.

        >>> labels().option("shape", "1:8"), labels().option("shape", "7:5")
        ({'en': '1:8 portrait', 'zh': '1:8 竖向'}, {'en': '7:5', 'zh': '7:5'})
        """
        return self.options.get(field, {}).get(word) or dict.fromkeys(self.languages, word)


def labels() -> Labels:
    """The labels of this package.

    >>> labels().field("n")
    {'en': 'Number of images', 'zh': '图片数量'}
    """
    return Labels.read("labels.json")
