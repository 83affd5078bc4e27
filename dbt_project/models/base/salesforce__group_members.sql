{{ current_versions('salesforce__group_members') }}
