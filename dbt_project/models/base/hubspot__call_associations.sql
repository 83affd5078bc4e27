{{ current_versions('hubspot__call_associations') }}
