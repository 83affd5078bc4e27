"""`revops/quality.yml`: how grave it is when the CRMs' data are not as they should be."""

from pathlib import Path
from typing import Literal

from pipelines.rules.models import Strict
from pipelines.rules.problems import RulesError
from pipelines.rules.reading import Reader

FILE = "quality.yml"

Severity = Literal["warn", "error"]


class Severities(Strict):
    """How grave a row of each table is."""

    stage_anomalies: Severity = "warn"
    unmapped_values: Severity = "warn"
    identity_reviews: Severity = "warn"


class QualityRules(Strict):
    """The file; every key has a default."""

    severity: Severities = Severities()

    def of(self, table: str) -> Severity:
        """Return how grave a row of a table is."""
        severity: Severity = getattr(self.severity, table)
        return severity


def read_quality(reader: Reader) -> QualityRules | None:
    """Return the file, the defaults without one, or None after noting what is wrong with it."""
    folders = (reader.folder, *reader.fallbacks)
    if not any((folder / FILE).is_file() for folder in folders):
        return QualityRules()
    return reader.read_yaml(FILE, QualityRules)


def load_quality_rules(revops_dir: Path) -> QualityRules:
    """Read the file; without one, every row warns.

    Raises:
        RulesError: naming each wrong key with its line.
    """
    reader = Reader(revops_dir)
    rules = read_quality(reader)
    if rules is None:
        raise RulesError(reader.problems)
    return rules
