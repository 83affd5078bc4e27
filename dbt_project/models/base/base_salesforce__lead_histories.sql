{{ config(alias='salesforce__lead_histories') }}

{{ current_versions('salesforce__lead_histories') }}
