{{ current_versions('hubspot__owners') }}
