{{ current_versions('salesforce__events') }}
