{{ config(tags=['imported']) }}
{{ current_versions('imported__records') }}
