{{ current_versions('hubspot__contact_associations') }}
