"""What keeps the models fit for another engine, as far as it shows without one."""

import importlib.util
import re
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.project import parse_project
from tests.dbt.warehouse import PROJECT

MACROS = PROJECT / "macros"


def sql(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("**/*.sql")))


def test_every_macro_that_engines_spell_differently_is_spelled_for_each() -> None:
    text = sql(MACROS)
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)', 'leadcycle'\)", text))
    defined = set(re.findall(r"{%-? *macro (\w+)\(", text))
    wanted = {f"{engine}__{name}" for name in dispatched for engine in ("default", "spark")}
    assert len(dispatched) > 15
    assert wanted - defined == set()


@pytest.mark.parametrize("word", ["varchar", "text", "timestamptz", "exclude"])
def test_no_model_and_no_test_names_a_type_or_a_word_that_spark_does_not_know(word: str) -> None:
    """Text is a `string` in SQL: DuckDB knows the word, and Spark's varchar wants a length."""
    text = sql(PROJECT / "models") + sql(PROJECT / "tests")
    used = re.findall(rf"\bas {word}\)|\* {word} \(", text)
    assert used == []


def test_tables_are_named_in_one_place_as_spark_has_no_database() -> None:
    named = re.findall(r"target\.database.*", sql(MACROS))
    assert len(named) == 1
    assert "default(none)" in named[0]


def test_spark_takes_accents_from_the_same_letters_as_duckdb() -> None:
    # What has letters of its own in another case is lower case by then; the rest is left out.
    spark = _plain_letters_table()
    with duckdb.connect() as db:
        code = _without_accents("letter")
        found = db.execute(
            f"select letter, lower(letter), {code} from (select unnest(?) as letter)", [_letters()]
        ).fetchall()
    bare = {letter: plain for letter, lower, plain in found if letter == lower != plain}
    assert {letter: spark.get(letter, letter) for letter in bare} == bare
    assert spark.keys() - bare.keys() == set()


@pytest.mark.skipif(
    not (importlib.util.find_spec("dbt.adapters.spark") and importlib.util.find_spec("pyspark")),
    reason="dbt-spark is not installed: pip install -e '.[spark]'",
)
def test_the_project_parses_for_spark(tmp_path: Path) -> None:
    manifest: Any = parse_project(tmp_path / "target", "spark")
    models = {node.name for node in manifest.nodes.values() if str(node.resource_type) == "model"}
    assert {"stage_stints", "sync_hubspot__contacts", "int_person_xref"} <= models


def _letters() -> list[str]:
    letters = (chr(code) for code in range(128, 0x10000))
    return [letter for letter in letters if unicodedata.category(letter).startswith("L")]


def _without_accents(expression: str) -> str:
    """Return DuckDB's own expression for a text without accents."""
    text = (MACROS / "portable_text.sql").read_text("utf-8")
    found = re.search(r"macro default__without_accents\(expression\) -%}\s*(.*?)\s*{%-", text, re.S)
    assert found
    return found[1].replace("{{ expression }}", expression)


def _plain_letters_table() -> dict[str, str]:
    text = (MACROS / "spark" / "letters.sql").read_text("utf-8")
    lines = re.findall(r"^ +\('(.+)', '(.+)'\),$", text, re.M)
    return {one: plain for pair in lines for one, plain in zip(*pair, strict=True)}
