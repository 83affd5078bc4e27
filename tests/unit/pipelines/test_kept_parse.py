"""A new home begins from the checkout's parse of the dbt project, and keeps its own afterwards."""

from pathlib import Path

import pytest

from pipelines import project


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the checkout's parse, not there yet."""
    folder = tmp_path / "checkout" / "target"
    folder.mkdir(parents=True)
    monkeypatch.setattr(project, "MANIFEST_PATH", folder / "manifest.json")
    return folder / "partial_parse.msgpack"


def test_a_home_without_a_parse_begins_from_the_checkouts(tmp_path: Path, kept: Path) -> None:
    own = tmp_path / "home" / "dbt" / kept.name
    project._begin_from_kept_parse(own.parent)
    assert not own.exists()

    kept.write_bytes(b"first")
    project._begin_from_kept_parse(own.parent)
    kept.write_bytes(b"second")
    project._begin_from_kept_parse(own.parent)

    assert own.read_bytes() == b"first"
