{{ current_versions('hubspot__contacts') }}
