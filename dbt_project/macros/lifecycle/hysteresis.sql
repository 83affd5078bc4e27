{#-
    When a value that goes up and down takes its subject into a state and out of it: CTEs of which the last is
    `crossings` (subject, rule_id, occurred_at, is_in), one row for each change of state, the first one always in.
    The state begins when the value is at or above `enter_at`; it ends when the value has been below `leave_below` for
    `leave_after_days` without a break; between the two it stays what it is. Without a `leave_below` it never ends.

    That needs no memory of the state: a value from `enter_at` on says in, one that has been low long enough says out,
    nothing else says anything, and of two words that say the same the first one is the change.

    An end can lie after `as_of`: it comes unless another value comes before it.

    Reads the CTE
      signals  (subject, rule_id, signalled_at, points, enter_at, leave_below, leave_after_days): each value holds until the
               next one; no two of a subject and rule have one instant

    subject  the column that names whose values they are
-#}
{% macro hysteresis(subject) -%}
levels as (
    select
        signals.*,
        coalesce(points < leave_below, false) as is_low
    from signals
),

-- A run of low values lasts until the next value that is not low.
runs as (
    select
        levels.*,
        sum(case when is_low then 0 else 1 end) over so_far as run_number,
        min(case when not is_low then signalled_at end) over from_here as recovered_at
    from levels
    window
        so_far as (
            partition by {{ subject }}, rule_id order by signalled_at
            rows between unbounded preceding and current row
        ),
        from_here as (
            partition by {{ subject }}, rule_id order by signalled_at
            rows between current row and unbounded following
        )
),

low_runs as (
    select
        {{ subject }},
        rule_id,
        {{ add_days('min(signalled_at)', 'max(leave_after_days)') }} as left_at,
        max(recovered_at) as recovered_at
    from runs
    where is_low
    group by {{ subject }}, rule_id, run_number
),

words as (
    select
        {{ subject }},
        rule_id,
        signalled_at as occurred_at,
        true as is_in
    from levels
    where points >= enter_at
    union all
    select
        {{ subject }},
        rule_id,
        left_at as occurred_at,
        false as is_in
    from low_runs
    where (recovered_at is null or recovered_at > left_at)
),

compared as (
    select
        words.*,
        lag(is_in) over (partition by {{ subject }}, rule_id order by occurred_at) as was_in
    from words
),

crossings as (
    select
        {{ subject }},
        rule_id,
        occurred_at,
        is_in
    from compared
    where is_in <> coalesce(was_in, false)
)
{%- endmacro %}
