{{ current_versions('hubspot__communication_associations') }}
