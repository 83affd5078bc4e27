-- A fingerprint of all that a person's rows are made from. Whoever has another one than before is made anew.
{%- set parts = [
    'of_records', 'of_touches', 'of_submissions', 'of_changes', 'of_stage_fields', 'of_own_writes', 'of_opportunities',
] %}
with

records as (
    select {{ all_but(['record_number'], 'records') }}
    from {{ ref('int_person_records') }} as records
),

of_records as (
    select
        person_id,
        {{ hash_sum('records') }} + sum(case when modified_at <= {{ as_of() }} then 1 else 0 end) as inputs
    from records
    group by person_id
),

-- Summed before anybody is asked whose they are: of twenty rows one is joined.
touches_of_records as (
    select
        source_system,
        record_id,
        sum(inputs_hash) as inputs
    from {{ ref('int_touches') }}
    where record_id is not null and not is_impossible and occurred_at <= {{ as_of() }}
    group by source_system, record_id
),

of_touches as (
    select
        records.person_id,
        sum(touches.inputs) as inputs
    from touches_of_records as touches
    inner join records on touches.source_system = records.source_system and touches.record_id = records.record_id
    group by records.person_id
),

touches_of_emails as (
    select
        email,
        sum(inputs_hash) as inputs
    from {{ ref('int_touches') }}
    where record_id is null and not is_impossible and occurred_at <= {{ as_of() }}
    group by email
),

of_submissions as (
    select
        holders.person_id,
        sum(touches.inputs) as inputs
    from touches_of_emails as touches
    inner join {{ ref('int_email_holders') }} as holders on touches.email = holders.email
    group by holders.person_id
),

-- A change that is still to come says already what stood before it.
of_changes as (
    select
        records.person_id,
        {{ hash_sum('changes') }} + sum(case when changes.changed_at <= {{ as_of() }} then 1 else 0 end) as inputs
    from {{ ref('int_record_changes') }} as changes
    inner join records on changes.record_key = records.record_key
    group by records.person_id
),

of_stage_fields as (
    select
        records.person_id,
        {{ hash_sum('fields') }} as inputs
    from {{ ref('int_record_stage_fields') }} as fields
    inner join records on fields.record_key = records.record_key
    group by records.person_id
),

of_own_writes as (
    select
        records.person_id,
        {{ hash_sum('writes') }} as inputs
    from {{ ref('int_own_writes') }} as writes
    inner join records on writes.record_key = records.record_key
    group by records.person_id
),

of_opportunities as (
    select
        records.person_id,
        sum(parts.inputs) as inputs
    from {{ ref('int_opportunity_inputs') }} as parts
    inner join records on parts.record_key = records.record_key
    group by records.person_id
),

inputs as (
    {% for part in parts %}
        select * from {{ part }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    person_id,
    cast(sum(inputs) as {{ hash_sum_type() }}) as inputs_hash
from inputs
group by person_id
