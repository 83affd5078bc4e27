{{ current_versions('hubspot__list_memberships') }}
