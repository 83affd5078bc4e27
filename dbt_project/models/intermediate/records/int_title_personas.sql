-- What each title tells of whoever bears it: the first row of personas.csv that fits.
with

titles as (
    select distinct
        title,
        {{ spaced_words('title') }} as title_words
    from {{ ref('int_crm_records') }}
    where title is not null
),

personas as (
    select
        personas.*,
        {{ spaced_words('value') }} as value_words
    from {{ ref('cfg_personas') }} as personas
    where source = 'title'
),

-- A word of letters that stand without blanks between them (经理) is found within others.
judged as (
    select
        titles.title,
        personas.persona,
        personas.role,
        personas.side,
        row_number() over (partition by titles.title order by personas.preference, personas.value) as choice
    from titles
    inner join personas
        on
            instr(titles.title_words, personas.value_words) > 0
            or (personas.is_glued and instr(lower(titles.title), personas.value) > 0)
)

select
    title,
    persona,
    role,
    side
from judged
where choice = 1
