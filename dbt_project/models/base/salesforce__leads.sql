{{ current_versions('salesforce__leads') }}
