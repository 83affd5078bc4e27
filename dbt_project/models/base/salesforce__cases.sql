{{ current_versions('salesforce__cases') }}
