{{ current_versions('hubspot__note_associations') }}
