{{ current_versions('salesforce__currency_types') }}
