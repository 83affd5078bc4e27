{{ current_versions('salesforce__opportunity_line_items') }}
