{{ current_versions('salesforce__groups') }}
