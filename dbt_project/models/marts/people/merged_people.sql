-- Former person ids, and who they are today: what was exported or written down under one still finds its person.
with

merge_log as (
    select * from {{ ref('int_merge_log') }}
),

ties as (
    select
        record_key,
        rule,
        confidence
    from {{ ref('int_identity_ties') }}
    where not is_held
    union all
    select
        other_record_key as record_key,
        rule,
        confidence
    from {{ ref('int_identity_ties') }}
    where not is_held
),

-- The first of those tied to one another has its own id, unless they are joined with others.
joined as (
    select tied.record_key
    from {{ ref('int_tied_records') }} as tied
    inner join {{ ref('int_crm_records') }} as records on tied.record_key = records.record_key
    where tied.first_number = records.record_number
),

ranked as (
    select
        ties.record_key,
        ties.rule,
        row_number() over (
            partition by ties.record_key order by ties.confidence desc, ties.rule asc
        ) as preference
    from ties
    inner join merge_log on ties.record_key = merge_log.record_key
),

named as (
    select
        merge_log.old_person_id,
        merge_log.person_id,
        merge_log.record_key,
        merge_log.since as merged_at,
        -- HubSpot swallowed the record before it was ever read, so that nothing else can tie it
        case
            when merge_log.is_swallowed then 'merged_contact'
            when joined.record_key is not null then 'likely'
            else ranked.rule
        end as rule
    from merge_log
    left join ranked on merge_log.record_key = ranked.record_key and ranked.preference = 1
    left join joined on merge_log.record_key = joined.record_key
)

select * from named
