{{ config(alias='salesforce__tasks') }}

{{ current_versions('salesforce__tasks') }}
