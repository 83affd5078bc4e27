{{ current_versions('hubspot__deal_associations') }}
