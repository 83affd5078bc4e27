{{ current_versions('leadcycle__receipts') }}
