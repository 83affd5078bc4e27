{{ current_versions('salesforce__opportunity_field_histories') }}
