{{ config(alias='hubspot__contact_histories') }}

{{ current_versions('hubspot__contact_histories') }}
