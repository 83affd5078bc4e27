{{ current_versions('hubspot__task_associations') }}
