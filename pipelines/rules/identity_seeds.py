"""Turns the rules about identity into seeds."""

import re
from collections.abc import Iterable

from pipelines.rules.identity_checks import groups_of
from pipelines.rules.identity_models import Country, Decision, IdentityRules, LegalForm, Persona
from pipelines.rules.public_suffixes import suffix_rules
from pipelines.rules.tables import Table

GLUED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Chinese, Japanese and Korean letters: words of them stand without blanks between them."""
IDENTITY_COLUMNS = {
    "cfg_identity_rules": "rule confidence",
    "cfg_identity_limits": "max_records max_addresses hold_below",
    "cfg_identity_groups": "record_key group_key",
    "cfg_identity_splits": "group_key other_group_key",
    "cfg_likely_matches": "is_used accept_from review_from",
    "cfg_legal_forms": "form is_glued",
    "cfg_countries": "name country_code calling_code trunk_prefix",
    "cfg_personas": "source value persona role side preference is_glued",
    "cfg_public_suffixes": "suffix labels is_exception",
}
"""Columns of each seed besides `rules_version`."""


def identity_tables(rules: IdentityRules) -> dict[str, Table]:
    """Return the rows of each seed by its name."""
    review, decisions = rules.settings.review, [row.record for row in rules.decisions]
    likely = rules.settings.likely_matches
    return {
        "cfg_identity_rules": [
            {"rule": rule, "confidence": f"{confidence:.2f}"}
            for rule, confidence in sorted(rules.settings.evidence.items())
            if confidence
        ],
        "cfg_identity_limits": [
            {
                "max_records": review.more_records_than,
                "max_addresses": review.more_addresses_than,
                "hold_below": f"{review.hold_below:.2f}",
            }
        ],
        "cfg_identity_groups": [
            {"record_key": key, "group_key": group}
            for key, group in sorted(groups_of(decisions).items())
        ],
        "cfg_identity_splits": _splits(decisions),
        "cfg_likely_matches": [
            {
                "is_used": likely.use,
                "accept_from": f"{likely.accept_from:.4f}",
                "review_from": f"{likely.review_from:.4f}",
            }
        ],
        "cfg_legal_forms": _legal_forms(row.record for row in rules.legal_forms),
        "cfg_countries": _countries(row.record for row in rules.countries),
        "cfg_personas": _personas(row.record for row in rules.personas),
        "cfg_public_suffixes": [dict(rule._asdict()) for rule in suffix_rules()],
    }


def _splits(decisions: list[Decision]) -> Table:
    """Groups that are apart, each pair in both directions."""
    group = groups_of(decisions)
    pairs = {
        (group[each.record_key], group[each.other_record_key])
        for each in decisions
        if each.decision == "apart"
    }
    both = sorted(pairs | {(other, one) for one, other in pairs})
    return [{"group_key": one, "other_group_key": other} for one, other in both]


def _legal_forms(forms: Iterable[LegalForm]) -> Table:
    """Forms as words with one blank between them; glued ones (有限公司) need none before them."""
    spelled = {" ".join(re.findall(r"\w+", form.form.lower())) for form in forms}
    return [{"form": form, "is_glued": bool(GLUED.search(form))} for form in sorted(spelled)]


def _countries(countries: Iterable[Country]) -> Table:
    return [
        {
            "name": name,
            "country_code": country.country_code,
            "calling_code": country.calling_code,
            "trunk_prefix": country.trunk_prefix,
        }
        for country in sorted(countries, key=lambda each: each.country_code)
        for name in country.spellings
    ]


def _personas(personas: Iterable[Persona]) -> Table:
    """One row for each value; the first row of the file that fits holds."""
    return [
        {
            "source": persona.source,
            "value": value,
            "persona": persona.persona,
            "role": persona.role,
            "side": persona.side,
            "preference": preference,
            "is_glued": bool(GLUED.search(value)),
        }
        for preference, persona in enumerate(personas, start=1)
        for value in sorted(set(persona.alternatives))
    ]
