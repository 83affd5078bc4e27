{{ current_versions('salesforce__contacts') }}
