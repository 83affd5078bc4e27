{{ current_versions('hubspot__email_associations') }}
