{{ current_versions('salesforce__users') }}
