{#-
    A select of what an opportunity's value was at the start of each stay and just before its end (for
    an open one: at as_of): (opportunity_key, stint_number, at_entry, before_exit). Of values that were
    set in one instant the last in order of their ids counts. A value that was never set is NULL.

    Reads the CTE stints (opportunity_key, stint_number, entered_at, exited_at).

    value_of   amount or close_date
-#}
{% macro values_of_stints(value_of) -%}
    select
        known.opportunity_key,
        known.stint_number,
        max(case when known.entry_number = 1 and known.is_by_entry then known.{{ value_of }} end) as at_entry,
        max(case when known.exit_number = 1 then known.{{ value_of }} end) as before_exit
    from (
        select
            stints.opportunity_key,
            stints.stint_number,
            told.{{ value_of }},
            told.changed_at <= stints.entered_at as is_by_entry,
            row_number() over (
                partition by stints.opportunity_key, stints.stint_number, told.changed_at <= stints.entered_at
                order by told.changed_at desc, told.event_id desc
            ) as entry_number,
            row_number() over (
                partition by stints.opportunity_key, stints.stint_number
                order by told.changed_at desc, told.event_id desc
            ) as exit_number
        from stints
        inner join {{ ref('int_opportunity_values') }} as told
            on
                stints.opportunity_key = told.opportunity_key
                and told.value_of = '{{ value_of }}'
                and (
                    told.changed_at <= stints.entered_at
                    or told.changed_at < coalesce(stints.exited_at, {{ as_of() }})
                )
    ) as known
    group by known.opportunity_key, known.stint_number
{%- endmacro %}
