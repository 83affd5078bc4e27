{{ current_versions('hubspot__meeting_associations') }}
