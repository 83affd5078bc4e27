/*
The domain that somebody registered, for each host of an address or a website: acme.co.uk for
mail.acme.co.uk. NULL where anybody may register a name (co.uk itself), and for numbers. Where anybody may
have a mailbox at a domain, they may at its hosts (vip.163.com), and the domain is no company's.
*/
{%- set most_labels = 6 %}
with

hosts as (
    select host from {{ ref('int_record_addresses') }}
    union
    select domain as host from {{ ref('stg_salesforce__accounts') }}
    union
    select domain as host from {{ ref('stg_hubspot__companies') }}
),

free_mail as (
    select * from {{ ref('cfg_free_mail_domains') }}
),

-- The last labels of each host: one, two, three ...
tails as (
    {% for labels in range(1, most_labels + 1) %}
        select
            host,
            {{ labels }} as labels,
            nullif(regexp_extract(host, '(^|[.])(([^.]+[.]){{ '{' }}{{ labels - 1 }}{{ '}' }}[^.]+)$', 2), '') as tail
        from hosts
        where host <> '' and regexp_extract(host, '[.][0-9]+$', 0) = ''
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

suffixes as (
    select
        tails.host,
        coalesce(
            min(case when rules.is_exception then rules.labels end),
            max(rules.labels),
            1
        ) as labels
    from tails
    left join {{ ref('cfg_public_suffixes') }} as rules on tails.tail = rules.suffix
    group by tails.host
),

registrable as (
    select
        suffixes.host,
        tails.tail as domain
    from suffixes
    left join tails on suffixes.host = tails.host and suffixes.labels + 1 = tails.labels
)

select
    registrable.host,
    registrable.domain,
    free_hosts.domain is not null or free_domains.domain is not null as is_free_mail
from registrable
left join free_mail as free_hosts on registrable.host = free_hosts.domain
left join free_mail as free_domains on registrable.domain = free_domains.domain
