{{ current_versions('salesforce__campaigns') }}
