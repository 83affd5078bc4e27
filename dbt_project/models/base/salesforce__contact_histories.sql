{{ current_versions('salesforce__contact_histories') }}
