{{ current_versions('salesforce__lead_histories') }}
