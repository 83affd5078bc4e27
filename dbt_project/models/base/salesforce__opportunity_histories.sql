{{ current_versions('salesforce__opportunity_histories') }}
