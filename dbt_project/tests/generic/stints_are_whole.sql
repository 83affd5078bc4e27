{#-
    A subject's stays are numbered in order and follow one another without gap or overlap. Only the last
    is open, or ended by a deletion; no stage follows itself unless each event is a stay of its own;
    passes of a stage are counted without gap.

    subject  the column that names whose stays they are
-#}
{% test stints_are_whole(model, subject) %}

with

followed as (
    select
        {{ subject }},
        stint_number,
        stage_key,
        pass_number,
        entered_at,
        exited_at,
        exit_type,
        lead(entered_at) over (partition by {{ subject }} order by stint_number) as next_entered_at,
        lead(stage_key) over (partition by {{ subject }} order by stint_number) as next_stage_key,
        row_number() over (partition by {{ subject }} order by entered_at, stint_number) as place,
        row_number() over (partition by {{ subject }}, stage_key order by stint_number) as stage_place
    from {{ model }}
)

select * from followed
where
    {{ subject }} is null
    or stint_number is null
    or stint_number <> place
    or pass_number <> stage_place
    or exited_at < entered_at
    or entered_at > {{ as_of() }}
    or (stage_key = next_stage_key and exit_type <> 'repeat')
    or (next_entered_at is null and exit_type not in ('open', 'deleted'))
    or (next_entered_at is not null and exit_type in ('open', 'deleted'))
    or (exit_type = 'open') <> (exited_at is null)
    or exited_at <> next_entered_at

{% endtest %}
