{{ current_versions('hubspot__ticket_associations') }}
