{{ current_versions('salesforce__campaign_members') }}
