{{ current_versions('salesforce__tasks') }}
