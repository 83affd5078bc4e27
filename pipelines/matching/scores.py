"""Splink on DuckDB: how likely each pair of people is one human."""

from collections.abc import Mapping
from decimal import Decimal
from logging import ERROR
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.matching.model import BLOCKS, COMPARISONS, LISTS, STILL_TWICE, Comparison, agreement
from pipelines.matching.pairs import LikelyPair
from pipelines.rules.identity_models import LEAST_PROBABILITY
from pipelines.settings import SettingsError

SAMPLE = 1_500
"""People among whom chance agreements are counted, each with each: 1.1 million pairs."""
_SAMPLED = f"select * from people order by md5(record_key) limit {SAMPLE}"  # noqa: S608
"""Always the same of the same people, without a random number."""
_FOUND = """
select record_key_l, record_key_r, match_probability, {levels} from {table}
order by record_key_l, record_key_r
"""


def require_splink() -> None:
    """Raise SettingsError, which says what to install, where Splink is missing."""
    try:
        import splink  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise SettingsError(
            "match-people needs the package splink: pip install 'leadcycle[probabilistic]'"
        ) from missing


def likely_pairs(people: pa.Table) -> list[LikelyPair]:
    """Return the pairs of people (as of `read_people`) that are more likely one than two.

    The same people give the same pairs, in the same order.

    Raises:
        SettingsError: Splink is not installed.
    """
    require_splink()
    if people.num_rows < 2:
        return []
    with duckdb.connect(":memory:") as db:
        db.register("people", people)
        return _scored(db, people.num_rows)


def _scored(db: duckdb.DuckDBPyConnection, count: int) -> list[LikelyPair]:
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - an extra

    db.execute(f"create table sampled as {_SAMPLED}")
    engine = DuckDBAPI(db)
    chance = Linker(engine.register("sampled"), _settings(count), log_level=ERROR)
    chance.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLE * SAMPLE, min_count_per_level=None, num_chunks=1
    )
    model: dict[str, Any] = chance.misc.save_model_to_json(None)
    linker = Linker(engine.register("people"), model, log_level=ERROR)
    scored = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    names = [comparison.name for comparison in COMPARISONS]
    levels = ", ".join(f"gamma_{name}" for name in names)
    rows = db.execute(_FOUND.format(levels=levels, table=scored.physical_name)).fetchall()
    return [_pair(row, dict(zip(names, row[3:], strict=True))) for row in rows]


def _pair(row: tuple[Any, ...], levels: Mapping[str, int]) -> LikelyPair:
    probability = Decimal(str(row[2])).quantize(Decimal("0.0001"))
    return LikelyPair(row[0], row[1], probability, agreement(levels))


def _settings(count: int) -> dict[str, Any]:
    from splink import block_on  # noqa: PLC0415 - an extra

    blocks = [
        block_on(*columns, arrays_to_explode=[name for name in columns if name in LISTS])
        for columns in BLOCKS
    ]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_key",
        "probability_two_random_records_match": 2 * STILL_TWICE / (count - 1),
        "comparisons": [_comparison(each, _least_chance(count)) for each in COMPARISONS],
        "blocking_rules_to_generate_predictions": blocks,
        "retain_intermediate_calculation_columns": False,
    }


def _least_chance(count: int) -> float:
    """Return the chance of what no pair of the sample shows: as if half a pair did."""
    sampled = min(count, SAMPLE)
    return 1 / (sampled * (sampled - 1))


def _comparison(comparison: Comparison, least_chance: float) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": comparison.unknown,
            "label_for_charts": "unknown",
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        told: dict[str, Any] = {
            "sql_condition": "ELSE" if level.condition == "else" else level.condition,
            "label_for_charts": level.told or "none",
            "m_probability": level.share,
            "u_probability": least_chance,
        }
        if level.rare_by:
            told["tf_adjustment_column"] = level.rare_by
        levels.append(told)
    return {"output_column_name": comparison.name, "comparison_levels": levels}
