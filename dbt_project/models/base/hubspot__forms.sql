{{ current_versions('hubspot__forms') }}
