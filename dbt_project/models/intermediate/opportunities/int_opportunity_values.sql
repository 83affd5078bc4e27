-- What an opportunity's amount and close date were, and since when: a row for each time that one was set.
with

salesforce as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        opportunity_history_id as event_id,
        amount,
        close_date,
        changed_at
    from {{ ref('stg_salesforce__opportunity_histories') }}
),

hubspot as (
    select
        'hubspot:deal:' || deal_id as opportunity_key,
        deal_history_id as event_id,
        field_name,
        case when field_name = 'amount' then {{ decimal_or_null('new_value') }} end as amount,
        case when field_name = 'closedate' then {{ date_or_null('new_value') }} end as close_date,
        changed_at
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name in ('amount', 'closedate')
),

told as (
    select
        opportunity_key,
        event_id,
        'amount' as value_of,
        amount,
        cast(null as date) as close_date,
        changed_at
    from salesforce
    union all
    select
        opportunity_key,
        event_id,
        'close_date' as value_of,
        cast(null as decimal(18, 2)) as amount,
        close_date,
        changed_at
    from salesforce
    union all
    select
        opportunity_key,
        event_id,
        case field_name when 'amount' then 'amount' else 'close_date' end as value_of,
        amount,
        close_date,
        changed_at
    from hubspot
),

-- What the record holds and no history ever told of has been so from the beginning.
held as (
    {% for value_of in ('amount', 'close_date') %}
        select
            opportunities.opportunity_key,
            opportunities.opportunity_key || ':held' as event_id,
            '{{ value_of }}' as value_of,
            case when '{{ value_of }}' = 'amount' then opportunities.amount end as amount,
            case when '{{ value_of }}' = 'close_date' then opportunities.close_date end as close_date,
            opportunities.created_at as changed_at
        from {{ ref('int_opportunities') }} as opportunities
        left join told
            on
                opportunities.opportunity_key = told.opportunity_key
                and told.value_of = '{{ value_of }}'
        where told.opportunity_key is null and opportunities.{{ value_of }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from told
union all
select * from held
