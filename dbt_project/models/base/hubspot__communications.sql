{{ current_versions('hubspot__communications') }}
