{{ current_versions('salesforce__opportunity_stages') }}
