from connectors.hubspot.paths import Paths


def every_path(version: str) -> list[str]:
    paths = Paths(version)
    return [
        paths.objects("contacts"),
        paths.search("contacts"),
        paths.batch_read("contacts"),
        paths.batch_update("contacts"),
        paths.associations("deals", "contacts"),
        paths.pipelines("deals"),
        paths.owners(),
        paths.teams(),
        paths.list_search(),
        paths.list_members("1/7"),
        paths.properties("contacts"),
        paths.property_groups("contacts"),
        paths.forms(),
        paths.form_submissions("a/b"),
    ]


def test_numbered_versions_stand_before_the_kind() -> None:
    assert every_path("v3") == [
        "/crm/v3/objects/contacts",
        "/crm/v3/objects/contacts/search",
        "/crm/v3/objects/contacts/batch/read",
        "/crm/v3/objects/contacts/batch/update",
        "/crm/v4/associations/deals/contacts/batch/read",
        "/crm/v3/pipelines/deals",
        "/crm/v3/owners",
        "/settings/v3/users/teams",
        "/crm/v3/lists/search",
        "/crm/v3/lists/1%2F7/memberships",
        "/crm/v3/properties/contacts",
        "/crm/v3/properties/contacts/groups",
        "/marketing/v3/forms",
        "/form-integrations/v1/submissions/forms/a%2Fb",
    ]


def test_dated_versions_stand_behind_the_kind() -> None:
    assert every_path("2026-09") == [
        "/crm/objects/2026-09/contacts",
        "/crm/objects/2026-09/contacts/search",
        "/crm/objects/2026-09/contacts/batch/read",
        "/crm/objects/2026-09/contacts/batch/update",
        "/crm/associations/2026-09/deals/contacts/batch/read",
        "/crm/pipelines/2026-09/deals",
        "/crm/owners/2026-09",
        "/settings/users/2026-09/teams",
        "/crm/lists/2026-09/search",
        "/crm/lists/2026-09/1%2F7/memberships",
        "/crm/properties/2026-09/contacts",
        "/crm/properties/2026-09/contacts/groups",
        "/marketing/forms/2026-09",
        "/form-integrations/v1/submissions/forms/a%2Fb",
    ]
