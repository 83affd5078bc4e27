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
-- The last three characters of an id only check the others.
create macro crm_id(prefix, p) as prefix || lpad(p::varchar, 12, '0') || 'AAA';
create macro who_id(p) as crm_id(if(is_contact(p), '003', '00Q'), p);
create macro contact_id(p) as (1000000 + p)::varchar;
create macro stamp(p) as
    greatest(moment(born(p) + 360, pick(p, 9, 86400)), coalesce(news(), moment(0, 0)));
create macro firm(p) as p // 20;
create macro first_name(p) as one_of(p, 20, ['Ana', 'Bo', 'Chen', 'Dag', 'Eva', 'Fei']);
-- Letters alone: what is compared of a name has no digits.
create macro last_name(p) as
    'Family' || translate(pick(p, 21, 5000)::varchar, '0123456789', 'abcdefghij');
create macro title_of(p) as
    one_of(p, 22, ['Director of Sales', 'CTO', 'Engineer', 'VP Marketing', 'Buyer'])
    || if(pick(p, 25, 10) < 6, '', ', Team ' || pick(p, 26, 3000));
-- A company is written in four ways; one in ten people has a mailbox where everybody may have one.
create macro company_of(p) as
    'Company ' || firm(p) || one_of(p, 27, ['', ' Inc.', ', LLC', ' Co., Ltd.']);
create macro site_of(p) as 'company' || firm(p) || '.example';
create macro host_of(p) as
    if(pick(p, 28, 10) = 0, one_of(p, 29, ['gmail.com', 'vip.163.com', 'qq.com']), site_of(p));
create macro email_of(p) as 'p' || p || '@' || host_of(p);
-- What ties the records of those whom both CRMs know.
create macro tie(p) as case
    when pick(p, 30, 100) < 50 then 'email'
    when pick(p, 30, 100) < 65 then 'id'
    when pick(p, 30, 100) < 75 then 'additional_email'
    when pick(p, 30, 100) < 85 then 'mobile'
    when pick(p, 30, 100) < 92 then 'chat'
    else 'phone'
end;
create macro in_both(p) as in_hubspot(p) and in_salesforce(p);
create macro second_email(p) as 'second.p' || p || '@' || host_of(p);
create macro salesforce_email(p) as case
    when not in_both(p) or tie(p) in ('email', 'id') then email_of(p)
    when tie(p) = 'additional_email' then second_email(p)
end;
-- Half of the people have a mobile number; in some companies two colleagues share theirs.
create macro mobile_number(p) as
    lpad(if(p % 20 in (1, 2) and firm(p) % 10 = 0, firm(p) * 20 + 1, p)::varchar, 7, '0');
create macro has_mobile(p) as pick(p, 31, 2) = 0 or p % 20 in (1, 2) or tie(p) = 'mobile';
create macro mobile_in_hubspot(p) as if(has_mobile(p), '+1 555 ' || mobile_number(p), null);
create macro mobile_in_salesforce(p) as if(
    has_mobile(p) and not (in_both(p) and tie(p) in ('chat', 'phone')),
    '(555) ' || left(mobile_number(p), 3) || '-' || substr(mobile_number(p), 4),
    null
);
create macro chat_of(p) as if(tie(p) = 'chat' or pick(p, 32, 20) = 0, 'wx_' || p, null);
-- Six in ten leave the number of their company's switchboard, or of their desk.
create macro switchboard(p) as '+1 212 ' || lpad(firm(p)::varchar, 7, '0');
create macro phone_of(p) as case
    when in_both(p) and tie(p) = 'phone' then '+1 313 ' || lpad(p::varchar, 7, '0')
    when pick(p, 33, 10) < 6 then switchboard(p)
end;
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
-- A third of the Contacts is in an Opportunity of their own; with news, it moves on by a stage.
create macro is_sold_to(p) as in_salesforce(p) and is_contact(p) and pick(p, 34, 3) = 0;
create macro opened(p) as moment(born(p) + 200 + pick(p, 35, 90), pick(p, 36, 86400));
create macro sales_moves(p) as least(3, pick(p, 37, 4) + if(news() is null, 0, 1));
create macro sales_stage(p, k) as [
    'Prospecting', 'Proposal', 'Negotiation', one_of(p, 38, ['Closed Won', 'Closed Lost'])
][1 + k];
create macro amount(p, k) as 1000 + 100 * pick(p, 39 + k, 500);
-- One in two hundred Leads was deleted; of one in a hundred in HubSpot, a double was merged into them.
create macro is_deleted(p) as pick(p, 45, 200) = 0;
create macro merged_into(p) as if(pick(p, 46, 100) = 0, '9' || contact_id(p), null);
