{{ current_versions('salesforce__fields') }}
