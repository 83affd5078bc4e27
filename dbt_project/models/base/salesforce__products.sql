{{ current_versions('salesforce__products') }}
