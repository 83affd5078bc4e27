{{ current_versions('hubspot__companies') }}
