{{ current_versions('leadcycle__likely_matches') }}
