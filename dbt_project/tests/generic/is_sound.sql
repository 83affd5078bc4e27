{#-
    What a table promises of its columns, in one query: the key names each row (no two rows hold the
    same, none of its columns is NULL), and the columns in `filled` are never NULL.
-#}
{% test is_sound(model, key=[], filled=[]) %}

with

judged as (
    select
        {% for column in key + filled %}{{ column }}, {% endfor -%}
        case
            {% for column in key + filled -%}
            when {{ column }} is null then 'no {{ column }}'
            {% endfor -%}
            {% if key -%}
            when count(*) over (partition by {{ key | join(', ') }}) > 1 then 'one of several rows'
            {% endif -%}
        end as unsound_because
    from {{ model }}
)

select * from judged
where unsound_because is not null

{% endtest %}
