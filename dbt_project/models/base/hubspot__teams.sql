{{ current_versions('hubspot__teams') }}
