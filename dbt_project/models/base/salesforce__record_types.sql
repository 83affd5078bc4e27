{{ current_versions('salesforce__record_types') }}
