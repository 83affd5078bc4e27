{{ config(alias='hubspot__contacts') }}

{{ current_versions('hubspot__contacts') }}
