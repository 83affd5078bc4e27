{{ current_versions('hubspot__calls') }}
