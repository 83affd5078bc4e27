{{ current_versions('hubspot__properties') }}
