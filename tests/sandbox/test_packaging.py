"""What is installed is what runs here."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_yaml_file_of_the_connectors_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packaged = [
        f"{package.replace('.', '/')}/{pattern}"
        for package, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
    ]
    found = [path.relative_to(ROOT) for path in (ROOT / "connectors").rglob("*.yaml")]
    assert found
    assert [path for path in found if not any(map(path.match, packaged))] == []
