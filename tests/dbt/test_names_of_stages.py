"""Nothing in SQL knows a stage's name: rules may call stages what they like."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.rules.models import Label, PassName
from pipelines.rules.presets import preset_lifecycle, preset_names
from tests.dbt.warehouse import PROJECT

SQL = sorted([*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("macros/**/*.sql")])
COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)
LITERAL = re.compile(r"'((?:[^']|'')*)'|\"([^\"]*)\"")
OTHER_COLUMNS = ("object_name", "state", "path_type", "role")
"""Columns whose values are the CRMs' or the engine's own words, which a stage may share: the object
`lead`, the state `lost` of an opportunity, the kind `detour` of a path, the role `other`."""
_COLUMNS = "|".join(OTHER_COLUMNS)
OTHERWISE_BEFORE = re.compile(
    # compared with such a column, or the name of a column that a macro is given
    rf"(\b\w*({_COLUMNS})(, ''\))?\s*(=|<>|(not\s+)?in\s*\()\s*"
    r"|\b(first_known|given)\(|\battribute=)$"
)
OTHERWISE_AFTER = re.compile(
    # becomes such a column, or is an object with the name of its stream
    rf"[^,\n]*\bas\s+({_COLUMNS})\b|\s*:\s*'(?P<many>\w+)s'"
)


def words_of_rules() -> set[str]:
    """Return every key and label of stages and phases, and every name of passes, in lower case."""
    found: set[str] = set()
    for lifecycle in map(preset_lifecycle, preset_names()):
        for each in (*lifecycle.stages, *lifecycle.phases):
            found |= {each.key, *_texts(each.label)}
        for stage in lifecycle.stages:
            found |= _texts(stage.pass_name) if stage.pass_name else set()
    return {word.lower() for word in found}


def _texts(label: Label | PassName) -> set[str]:
    return {label.en, label.zh}


def names_in(sql: str, words: set[str]) -> Iterator[str]:
    """Yield the literals that name a stage, a phase or a pass."""
    code = COMMENT.sub(" ", sql)
    for found in LITERAL.finditer(code):
        literal = found.group(1) if found.group(1) is not None else found.group(2)
        before, after = code[: found.start()], code[found.end() :]
        if literal.lower() in words and not _is_another_word(literal, before, after):
            yield literal


def _is_another_word(literal: str, before: str, after: str) -> bool:
    follows = OTHERWISE_AFTER.match(after)
    if follows and follows["many"] not in (None, literal):
        return False
    return bool(follows or OTHERWISE_BEFORE.search(before))


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("where stage_key = 'sales_lead'", ["sales_lead"]),
        ("where stage_key in ('x', 'Lead')", ["Lead"]),
        ("select 'MQL' as pass_name", ["MQL"]),
        ("where phase <> '成交'", ["成交"]),
        ('{{ in_stage("customer") }}', ["customer"]),
        ("where object_name = 'lead' -- not stage_key = 'lead'", []),
        ("select 'lead' as object_name", []),
        ("case n when 1 then 'lost' end as state, 'lost' as stage_key", ["lost"]),
        ("{% set objects = {'lead': 'leads'} %}", []),
        ("{% set ranks = {'lead': 'x'} %}", ["lead"]),
        ("{{ first_known('name') }} as name", []),
        ("{{ given('Name') }} as name", []),
        ("where next_path_type = 'detour'", []),
        ("where stage_key = 'detour'", ["detour"]),
        ("{# 'customer' #} /* 'customer' */ select 'leads'", []),
    ],
)
def test_a_name_is_found_where_it_is_one(sql: str, found: list[str]) -> None:
    assert list(names_in(sql, words_of_rules())) == found


@pytest.mark.parametrize("file", SQL, ids=lambda file: file.stem)
def test_no_model_or_macro_names_a_stage_a_phase_or_a_pass(file: Path) -> None:
    assert list(names_in(file.read_text("utf-8"), words_of_rules())) == []
