{{ current_versions('hubspot__pipelines') }}
