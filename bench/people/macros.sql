-- Everything follows from a person's number p; news() is the instant of their news, NULL at first.
create macro mix(p, k) as
    (((p * 48271 + k * 69621 + 11) % 2147483647) * 16807) % 2147483647;
create macro pick(p, k, size) as mix(p, k) % size;
create macro one_of(p, k, words) as words[1 + pick(p, k, len(words))];
create macro moment(days, seconds) as
    timestamptz '2023-07-01 00:00:00+00' + to_seconds(days * 86400 + seconds);
-- Created within two years; the first load's news of them lie within the year after that.
create macro born(p) as pick(p, 1, 730);
create macro in_hubspot(p) as pick(p, 2, 100) < 80;
create macro in_salesforce(p) as pick(p, 2, 100) < 30 or pick(p, 2, 100) >= 80;
create macro is_contact(p) as pick(p, 3, 100) < 35;
create macro is_lead(p) as not is_contact(p);
create macro moves(p) as pick(p, 4, 7);
create macro crm_id(prefix, p) as prefix || lpad(p::varchar, 15, '0');
create macro who_id(p) as crm_id(if(is_contact(p), '003', '00Q'), p);
create macro contact_id(p) as (1000000 + p)::varchar;
create macro stamp(p) as
    greatest(moment(born(p) + 360, pick(p, 9, 86400)), coalesce(news(), moment(0, 0)));
create macro email_of(p) as 'p' || p || '@company' || (p // 20) || '.example';
create macro first_name(p) as one_of(p, 20, ['Ana', 'Bo', 'Chen', 'Dag', 'Eva', 'Fei']);
create macro last_name(p) as 'Family' || pick(p, 21, 5000);
create macro title_of(p) as
    one_of(p, 22, ['Director of Sales', 'CTO', 'Engineer', 'VP Marketing', 'Buyer']);
create macro company_of(p) as 'Company ' || (p // 20);
create macro status(k) as [
    'Nurturing', 'Marketing Qualified', 'Working', 'Recycled', 'Marketing Qualified', 'Working'
][1 + k % 6];
create macro lifecycle(k) as [
    'subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'lead', 'opportunity'
][1 + k % 6];
create macro row_number_of(p, k) as
    p || '-' || k || coalesce('n' || epoch(news())::bigint, '');
-- Changes of a stage field: 1 to 7 at first, one with news.
create macro moved() as table
    select
        p,
        k,
        coalesce(
            news() + to_seconds(k),
            moment(born(p) + k * 40 + pick(p, 40 + k, 20), pick(p, 50 + k, 86400))
        ) as changed
    from people, range(7) as steps(k)
    where k <= moves(p) and (news() is null or k = moves(p));
-- Activities of a kind: so many at first, one with news.
create macro happened(most) as table
    select
        p,
        k,
        coalesce(news(), moment(born(p) + pick(p, 100 + k, 360), pick(p, 200 + k, 86400))) as happened
    from people, range(most) as steps(k)
    where news() is null or k = 0;
