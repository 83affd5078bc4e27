{{ config(alias='salesforce__leads') }}

{{ current_versions('salesforce__leads') }}
