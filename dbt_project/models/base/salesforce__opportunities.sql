{{ current_versions('salesforce__opportunities') }}
