-- What each record that is not archived was associated with when last read, a list for each kind of objects.
with

readings as (
    {{ association_readings() }}
)

select * from readings
