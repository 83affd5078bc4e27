{#-
    An option of an imported history: what the import was told, else what holds by default
    (docs/importing-histories.md).
-#}
{% macro history_option(name) -%}
    {%- set defaults = {
        'stages': 'file',
        'order': [],
        'repeats': 'collapse',
        'wins': 'record',
    } -%}
    {{ return(var('history', {}).get(name, defaults[name])) }}
{%- endmacro %}

{#- A select of (stage_name, place): the stages in the order that the import was told. -#}
{% macro stages_in_order() -%}
    {%- for name in history_option('order') %}
    select '{{ name | replace("'", "''") }}' as stage_name, {{ loop.index }} as place
    union all
    {%- endfor %}
    select cast(null as string) as stage_name, 0 as place where false
{%- endmacro %}
