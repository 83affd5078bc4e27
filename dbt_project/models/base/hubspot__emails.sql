{{ current_versions('hubspot__emails') }}
