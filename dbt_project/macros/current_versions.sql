{#-
    The body of every base model: of each record the version with the greatest
    (_modified_at, _load_id), whatever the loads' cut and however often they come.

    Loads that hold nothing newer than the table are skipped. A row of a newer load still loses to
    a version in the table that was modified later: look-back reads bring old rows again.
-#}
{% macro current_versions(stream) -%}
with

{{ newest_versions(stream, newer_than=this if is_incremental() else none) }}

select newest.* from newest
{%- if is_incremental() %}
left join {{ this }} as known on newest._record_id = known._record_id
where known._record_id is null or newest._modified_at >= known._modified_at
{%- endif %}
{%- endmacro %}

{#- CTEs of which the last, `newest`, has one row for each record of a stream's loads. -#}
{% macro newest_versions(stream, newer_than=none) -%}
landed as (
    select * from {{ landing(stream) }}
    {%- if newer_than %}
    where _load_id > (select coalesce(max(known._load_id), -1) from {{ newer_than }} as known)
    {%- endif %}
),

ranked as (
    select
        landed.*,
        row_number() over (
            partition by landed._record_id
            order by landed._modified_at desc, landed._load_id desc, landed._extracted_at desc, landed._row_hash desc
        ) as _version_rank
    from landed
),

newest as (
    select {{ all_but(['_version_rank'], 'ranked') }} from ranked
    where _version_rank = 1
)
{%- endmacro %}
