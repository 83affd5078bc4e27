{{ current_versions('hubspot__leads') }}
