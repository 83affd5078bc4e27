{#-
    What every base model promises, in one query: one row for each record, and each row says when it
    was changed, whether it is the deletion and which load brought it.
-#}
{% test is_current_version_table(model) %}

with

versions as (
    select
        _record_id,
        _modified_at,
        _is_deleted,
        _load_id,
        count(*) over (partition by _record_id) as versions
    from {{ model }}
),

judged as (
    select
        _record_id,
        case
            when _record_id is null then 'no _record_id'
            when versions > 1 then 'several versions'
            when _modified_at is null then 'no _modified_at'
            when _is_deleted is null then 'no _is_deleted'
            when _load_id is null then 'no _load_id'
        end as reason
    from versions
)

select * from judged
where reason is not null

{% endtest %}
