"""The files of ``data/``, wherever the package is: installed, in a checkout, or in a zip file."""

# no annotations as text: see models

import os
from typing import Self

import msgspec

from reapi_rules.terms.once import once

__all__ = ["FileStruct", "Folder", "built_in_folder", "data_file"]


class Folder:
    """A data folder on disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: str = os.fspath(path)

    def names(self, kind: str) -> list[str]:
        """The JSON files of a folder in it, none where there is no such folder."""
        try:
            found = os.listdir(os.path.join(self.path, kind))
        except FileNotFoundError:
            return []
        return sorted(f"{kind}/{name}" for name in found if name.endswith(".json"))

    def read(self, name: str) -> bytes:
        """The content of one file."""
        with open(os.path.join(self.path, name), "rb") as file:
            return file.read()


class _ZippedFolder(Folder):
    """The data folder of a package that is imported from a zip file."""

    def names(self, kind: str) -> list[str]:
        from importlib.resources import files  # slow to import, and needed in a zip only

        folder = files("reapi_rules").joinpath("data", kind)
        return sorted(f"{kind}/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".json"))

    def read(self, name: str) -> bytes:
        from importlib.resources import files

        return files("reapi_rules").joinpath("data", *name.split("/")).read_bytes()


def built_in_folder() -> Folder:
    """The data folder of this package: inside it once it is installed, beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(__file__))
    for path in (os.path.join(package, "data"), os.path.join(os.path.dirname(package), "data")):
        if os.path.isfile(os.path.join(path, "rules.json")):
            return Folder(path)
    return _ZippedFolder(package)


def data_file(name: str) -> bytes:
    """The content of a file of ``data/``.

    >>> data_file("polling.json")[:1]
    b'{'
    """
    return built_in_folder().read(name)


class FileStruct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file of ``data/`` holds, and where its figures were read."""

    source: dict[str, str]

    @classmethod
    @once
    def read(cls, name: str) -> Self:
        """The file of this name, decoded once."""
        return msgspec.json.decode(data_file(name), type=cls)
