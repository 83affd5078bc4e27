{{ current_versions('hubspot__lists') }}
