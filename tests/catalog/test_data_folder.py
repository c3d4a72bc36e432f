"""Where ``data/`` is: inside the package once that is installed, beside it in a checkout."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from reapi_rules.catalog import files


@pytest.mark.parametrize("place", ("pack/data", "data"))
def test_the_folder_inside_or_beside_the_package(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "rules.json").write_text("{}")
    copy = tmp_path / "pack" / "catalog" / "files.py"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(Path(files.__file__).read_bytes())
    spec = spec_from_file_location("copied_files", copy)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.built_in_folder().path == str(tmp_path / place)
    assert module.data_file("rules.json") == b"{}"


def test_the_folder_of_the_package_wherever_a_program_runs() -> None:
    assert Path(files.built_in_folder().path).is_absolute()
