"""Who is compared: the persons that are tied already, each with all that their records say."""

from pathlib import Path

import duckdb
import pyarrow as pa

MOST_HOLDERS = 10
"""Of a number that may be one human's: more people are a desk."""

_PEOPLE = r"""
with
records as (
    select
        tied.first_number,
        records.record_key,
        records.record_number,
        {first} as first_name,
        {last} as last_name,
        {title} as title,
        names.name_key as company
    from intermediate.int_tied_records as tied
    inner join intermediate.int_crm_records as records on tied.record_key = records.record_key
    left join intermediate.int_company_names as names on records.company = names.name
    where not records.is_deleted
),
held as (
    select distinct records.first_number, numbers.number
    from intermediate.int_record_numbers as numbers
    inner join records on numbers.record_key = records.record_key
    where numbers.number not in (
        select number from intermediate.int_record_numbers where number_kind = 'company'
    )
),
few as (
    select number from held group by number having count(*) <= {most_holders}
),
numbers as (
    select held.first_number, list(held.number order by held.number) as numbers
    from held inner join few on held.number = few.number
    group by held.first_number
),
domains as (
    select records.first_number, list(distinct emails.domain order by emails.domain) as domains
    from intermediate.int_record_emails as emails
    inner join records on emails.record_key = records.record_key
    where emails.is_evidence and emails.is_corporate and emails.domain is not null
    group by records.first_number
),
fullest as (
    select first_number, first_name, last_name
    from records
    qualify row_number() over (
        partition by first_number
        order by length(coalesce(first_name, '') || coalesce(last_name, '')) desc, record_number
    ) = 1
),
gathered as (
    select
        first_number,
        arg_min(record_key, record_number) as record_key,
        list(distinct {both} order by {both}) filter ({both} is not null) as names,
        list(distinct company order by company) filter (company is not null) as companies,
        list(distinct title order by title) filter (title is not null) as titles
    from records
    group by first_number
)
select
    gathered.record_key,
    fullest.first_name,
    fullest.last_name,
    {whole} as full_name,
    gathered.names,
    gathered.companies,
    domains.domains,
    numbers.numbers,
    gathered.titles
from gathered
inner join fullest on gathered.first_number = fullest.first_number
left join domains on gathered.first_number = domains.first_number
left join numbers on gathered.first_number = numbers.first_number
order by gathered.record_key
"""


def read_people(warehouse: Path) -> pa.Table:
    """Return a row for each person: as they are tied, whatever likely matches join.

    So a run does not see what an earlier one found, and finds it again.
    """
    query = _PEOPLE.format(
        first=_letters("records.first_name"),
        last=_letters("records.last_name"),
        title=_letters("records.title"),
        both=any_order("first_name", "last_name"),
        whole=any_order("fullest.first_name", "fullest.last_name"),
        most_holders=MOST_HOLDERS,
    )
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return db.sql(query).to_arrow_table()


def read_tied(warehouse: Path) -> dict[str, int]:
    """Return for each living record the number of the person it is tied to."""
    query = """
        select tied.record_key, tied.first_number
        from intermediate.int_tied_records as tied
        inner join intermediate.int_crm_records as records on tied.record_key = records.record_key
        where not records.is_deleted
    """
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return dict(db.execute(query).fetchall())


def _letters(column: str) -> str:
    """Return SQL for a text's letters in lower case without accents, as models write names."""
    plain = f"translate(strip_accents(lower({column})), 'øłıđßæœ', 'olidsao')"
    return rf"nullif(regexp_replace({plain}, '[^\p{{L}}]', '', 'g'), '')"


def any_order(one: str, other: str) -> str:
    """Return SQL for two names in the order of the alphabet; NULL where one is unknown."""
    # DuckDB's least and greatest leave NULL out.
    in_order = f"least({one}, {other}) || ' ' || greatest({one}, {other})"
    return f"case when {one} is not null and {other} is not null then {in_order} end"
