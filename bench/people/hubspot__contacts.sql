select
    contact_id(p) as _record_id,
    stamp(p) as _modified_at,
    _record_id as hs_object_id,
    email_of(p) as email,
    if(in_both(p) and tie(p) = 'additional_email', second_email(p), null) as hs_additional_emails,
    if(in_both(p) and tie(p) = 'id' and is_lead(p), who_id(p), null) as salesforceleadid,
    if(in_both(p) and tie(p) = 'id' and is_contact(p), who_id(p), null) as salesforcecontactid,
    phone_of(p) as phone,
    mobile_in_hubspot(p) as mobilephone,
    chat_of(p) as wechat_id,
    merged_into(p) as hs_merged_object_ids,
    first_name(p) as firstname,
    last_name(p) as lastname,
    title_of(p) as jobtitle,
    company_of(p) as company,
    '150' as numemployees,
    'US' as country,
    lifecycle(moves(p)) as lifecyclestage,
    'ORGANIC_SEARCH' as hs_analytics_source,
    moment(born(p), 60) as createdate,
    stamp(p) as lastmodifieddate
from people
where in_hubspot(p)
