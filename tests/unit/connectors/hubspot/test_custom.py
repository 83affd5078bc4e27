import pytest

from connectors.errors import ConfigError
from connectors.hubspot.streams.custom import custom_object


@pytest.mark.parametrize("name", ["machine", "p3141592_machine", "2-4711"])
def test_a_custom_object_is_read_by_any_of_its_names(name: str) -> None:
    known = custom_object(name)
    assert (known.name, known.stream.object_name) == (name, name)
    assert list(known.stream.details) == [f"{name}_associations"]
    assert known.stream.details_keep_states == {f"{name}_associations"}
    assert known.stream.blank_states == {f"{name}_associations": {"associations": "[]"}}


@pytest.mark.parametrize("name", ["", "../contacts", "machine x", "a/b"])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="can be no custom object's name"):
        custom_object(name)


@pytest.mark.parametrize(
    "name", ["contacts", "Deal", "properties", "Teams", "form_submissions", "contact_associations"]
)
def test_what_every_account_has_is_no_custom_object(name: str) -> None:
    with pytest.raises(ConfigError, match="is read of every account"):
        custom_object(name)
