{{ current_versions('hubspot__meetings') }}
