{{ current_versions('hubspot__lead_associations') }}
