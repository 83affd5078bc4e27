{{ config(alias='hubspot__form_submissions') }}

{{ current_versions('hubspot__form_submissions') }}
