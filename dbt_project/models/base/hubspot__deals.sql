{{ current_versions('hubspot__deals') }}
