{{ current_versions('salesforce__opportunity_contact_roles') }}
