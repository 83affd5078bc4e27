{{ current_versions('salesforce__accounts') }}
