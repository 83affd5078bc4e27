{{ config(tags=['imported']) }}
{{ current_versions('imported__unusable_rows') }}
