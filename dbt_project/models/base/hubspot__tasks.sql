{{ current_versions('hubspot__tasks') }}
