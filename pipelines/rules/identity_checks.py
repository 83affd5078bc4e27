"""Reads the rules about identity and finds what contradicts itself."""

from collections.abc import Iterable, Iterator, Mapping

from pipelines.rules.identity_models import (
    Country,
    Decision,
    IdentityFile,
    IdentityRules,
    LegalForm,
    Persona,
)
from pipelines.rules.problems import Problem
from pipelines.rules.reading import Reader, Row

IDENTITY, DECISIONS = "identity.yml", "identity.csv"
LEGAL_FORMS, COUNTRIES, PERSONAS = "legal_forms.csv", "countries.csv", "personas.csv"


def read_identity(reader: Reader) -> IdentityRules | None:
    """Read the files about identity; None where `identity.yml` can't be read."""
    settings = reader.read_yaml(IDENTITY, IdentityFile)
    decisions = reader.read_csv(DECISIONS, Decision)
    legal_forms = reader.read_csv(LEGAL_FORMS, LegalForm)
    countries = reader.read_csv(COUNTRIES, Country)
    personas = reader.read_csv(PERSONAS, Persona)
    if settings is None:
        return None
    return IdentityRules(settings, decisions, legal_forms, countries, personas)


def identity_problems(rules: IdentityRules) -> list[Problem]:
    """Return every problem that shows only when rows are read together."""
    return [
        *_contradictions(rules.decisions),
        *_ambiguous(COUNTRIES, "names", _country_names(rules.countries)),
        *_ambiguous(PERSONAS, "value", _persona_values(rules.personas)),
        *_roles_of_two_sides(rules.personas),
    ]


def groups_of(decisions: Iterable[Decision]) -> Mapping[str, str]:
    """Return for each record that a decision names the smallest key of those it stays with."""
    group: dict[str, str] = {}
    for each in decisions:
        one = group.setdefault(each.record_key, each.record_key)
        other = group.setdefault(each.other_record_key, each.other_record_key)
        if each.decision == "together" and one != other:
            kept, gone = sorted((one, other))
            group |= {key: kept for key, of in group.items() if of == gone}
    return group


def _contradictions(decisions: Iterable[Row[Decision]]) -> Iterator[Problem]:
    rows = list(decisions)
    group = groups_of(row.record for row in rows)
    for row in rows:
        one, other = row.record.record_key, row.record.other_record_key
        if row.record.decision == "apart" and group[one] == group[other]:
            reason = "are kept together by other rows: remove one side"
            yield Problem(DECISIONS, row.line, "decision", f"{one}, {other}", reason)


def _country_names(rows: Iterable[Row[Country]]) -> Iterator[tuple[str, int]]:
    return ((name, row.line) for row in rows for name in row.record.spellings)


def _persona_values(rows: Iterable[Row[Persona]]) -> Iterator[tuple[str, int]]:
    for row in rows:
        for value in dict.fromkeys(row.record.alternatives):
            yield f"{row.record.source} {value}", row.line


def _roles_of_two_sides(rows: Iterable[Row[Persona]]) -> Iterator[Problem]:
    sides: dict[str, str] = {}
    for row in rows:
        known = sides.setdefault(row.record.role, row.record.side)
        if known != row.record.side:
            reason = f"role {row.record.role} stands above with side {known}"
            yield Problem(PERSONAS, row.line, "side", row.record.side, reason)


def _ambiguous(file: str, column: str, values: Iterable[tuple[str, int]]) -> Iterator[Problem]:
    first_line: dict[str, int] = {}
    for value, line in values:
        earlier = first_line.setdefault(value, line)
        if earlier != line:
            yield Problem(file, line, column, value, f"stands already in row {earlier}")
