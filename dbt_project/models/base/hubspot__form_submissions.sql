{{ current_versions('hubspot__form_submissions') }}
