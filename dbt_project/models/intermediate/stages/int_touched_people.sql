-- Whose rows are made anew: who is made of something else than before, new, gone, or due to fall out of a stage.
with

inputs as (
    select * from {{ ref('int_person_inputs') }}
),

-- In a build of everything nobody differs from before.
before as (
    select * from {{ standing_table('person_inputs') if has_standing() else 'inputs' }}
),

came as (
    select inputs.person_id
    from inputs
    left join before on inputs.person_id = before.person_id
    where before.person_id is null or inputs.inputs_hash <> before.inputs_hash
),

went as (
    select before.person_id
    from before
    left join inputs on before.person_id = inputs.person_id
    where inputs.person_id is null
),

due as (
    select person_id from {{ standing_table('due') if has_standing() else 'before' }}
    where {{ 'due_at <= ' ~ as_of() if has_standing() else 'false' }}
),

touched as (
    select * from came
    union
    select * from went
    union
    select * from due
)

select * from touched
