{{ current_versions('hubspot__lead_histories') }}
