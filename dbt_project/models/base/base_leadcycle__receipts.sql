{{ config(alias='leadcycle__receipts') }}

{{ current_versions('leadcycle__receipts') }}
