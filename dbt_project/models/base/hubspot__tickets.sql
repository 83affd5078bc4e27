{{ current_versions('hubspot__tickets') }}
