{{ current_versions('hubspot__notes') }}
