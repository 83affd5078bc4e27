{#-
    Labels every node with the smallest node of its component, without recursion: rounds of
    "take the smallest label among my neighbours, then the label of that label" (pointer jumping).

    The caller defines two CTEs: `nodes` (node bigint) and `links` (node bigint, neighbour bigint),
    each link in both directions. Writes CTEs up to `labels_<rounds>` (node, label). A component
    that is not settled by then shows as a link between two labels: test for that.
-#}
{% macro connected_labels(rounds) -%}
labels_0 as (
    select nodes.node, nodes.node as label from nodes
)
{%- for round in range(1, rounds + 1) %},

heard_{{ round }} as {{ computed_once() }} (
    select offers.node, min(offers.label) as label
    from (
        select own.node, own.label from labels_{{ round - 1 }} as own
        union all
        select links.node, beside.label
        from links
        inner join labels_{{ round - 1 }} as beside on links.neighbour = beside.node
    ) as offers
    group by offers.node
),

labels_{{ round }} as {{ computed_once() }} (
    select heard.node, jump.label
    from heard_{{ round }} as heard
    inner join heard_{{ round }} as jump on heard.label = jump.node
)
{%- endfor %}
{%- endmacro %}
