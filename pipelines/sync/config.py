"""The syncs RevOps configure in `revops/syncs.yml`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.changes import OwnField
from connectors.records import Crm, FieldType

Policy = Literal["ours", "human_wins", "human_wins_for", "fill_empty", "forward_only", "clear"]
Role = Literal["stage", "owner"]
Mode = Literal["update", "upsert", "create"]


OURS = "leadcycle_"
"""How the names of our own CRM fields begin, in lower case."""

_KEY_LENGTH = 100


def is_ours(field: str) -> bool:
    """Tell whether a field is one that `provision` makes."""
    return field.lower().startswith(OURS)


class SyncConfigError(Exception):
    """`revops/syncs.yml` is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SyncField(_Strict):
    """One column of the sync model and the CRM field it fills."""

    column: str
    field: str
    type: FieldType
    label: str
    length: int = 255
    policy: Policy = "ours"
    days: int | None = Field(None, ge=1)
    """How long a person's value stands, with `human_wins_for`."""
    order: tuple[str, ...] = ()
    """Values from the first to the last, for `forward_only` and the role `stage`; where it is left
    out, the CRM's own options, or the labels of the rules' stages."""
    role: Role | None = None
    """What the field is to people, for guards that count moves back and changes of owner."""
    min_change: float = Field(0, ge=0)
    """Smallest numeric difference worth a write."""
    with_column: str | None = Field(None, alias="with")
    """Written only when this other column is written, or where the CRM has nothing yet."""
    native: bool = False
    """The CRM's own field: `provision` does not make it, and others write it, too."""
    values: dict[str, str] = {}
    """The CRM's words for the model's, where they differ; a word that is not here is not wanted."""
    once: bool = False
    """Written when the record is created, and left alone from then on."""

    @model_validator(mode="after")
    def _days_belong_to_one_policy(self) -> "SyncField":
        if (self.days is not None) != (self.policy == "human_wins_for"):
            raise ValueError(f"{self.column}: human_wins_for needs days, and nothing else has any")
        return self


class StampField(_Strict):
    """The field that says when we last wrote; it never causes a write."""

    field: str
    label: str


class Guards(_Strict):
    """What may happen without a person's approval. Shares are of all records of the sync."""

    max_overwritten_share: float = Field(0.5, ge=0, le=1)
    max_overwritten_records: int | None = Field(None, ge=0)
    max_cleared_share: float = Field(0.05, ge=0, le=1)
    max_owner_changes: int | None = Field(200, ge=0)
    max_created_records: int | None = Field(200, ge=0)
    max_regressed_share: float = Field(0.1, ge=0, le=1)
    """Records whose stage moves back."""
    max_rejected_share: float = Field(0.2, ge=0, le=1)
    """Records that the CRM refused in the last run, of those it was sent."""
    max_age_hours: float | None = Field(48, gt=0)
    """Of what is published, by the CRM's clock."""
    from_records: int = Field(50, ge=0)
    """Below this many records shares say nothing, and the guards let everything pass."""
    quota_reserve: float = Field(0.02, ge=0, le=1)
    """Share of the day's calls that is left to others: a run stops before it, and goes on later."""


class GoLive(_Strict):
    """How much of a sync is live: nothing yet, or the part that one of these names."""

    shadow: bool = False
    """Plan, keep the plan to be looked at, and write nothing."""
    share: float = Field(1.0, ge=0, le=1)
    """Of people, the same ones each time: who is in a small share is in every larger one."""
    owners: tuple[str, ...] = ()
    """Ids of users or owners in the CRM, where only their records are live."""
    records: tuple[str, ...] = ()
    """Ids of records, where only these are live."""


class Sync(_Strict):
    """One sync model into one CRM object."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    crm: Crm
    object: str
    sync_model: str
    fields: tuple[SyncField, ...]
    stamp: StampField
    mode: Mode = "update"
    """Whether records that are not there are created, and whether those that are get updated."""
    match: str | None = None
    """The field that holds the sync model's `record_id`, where that is not the CRM's own id."""
    on_leave: Literal["keep", "clear"] = "keep"
    """What becomes of our values in records that the sync model has no longer."""
    schedule: str | None = Field(None, pattern=r"^\S+( \S+){4}$")
    """When the sync runs by itself, as a cron expression in UTC."""
    guards: Guards = Guards()
    go_live: GoLive = GoLive()
    in_flight: int = Field(4, ge=1, le=16)
    """Batches that are under way at once: what a crash may leave unsettled."""

    @model_validator(mode="after")
    def _with_names_a_column(self) -> "Sync":
        leaders = {field.column for field in self.fields if field.with_column is None}
        unknown = {field.with_column for field in self.fields if field.with_column} - leaders
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ValueError(f"with names {names}: no column of {self.name}, or one with a `with`")
        return self

    @model_validator(mode="after")
    def _one_column_a_field(self) -> "Sync":
        columns = [field.column for field in self.fields]
        targets = [field.field for field in self.fields] + [self.stamp.field, self.match or ""]
        twice = _repeated(columns) | _repeated(targets)
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} stands twice in {self.name}")
        return self

    @model_validator(mode="after")
    def _created_records_have_a_key(self) -> "Sync":
        if (self.mode == "update") != (self.match is None):
            raise ValueError(
                f"{self.name}: `match` names the field by which records are created: mode upsert "
                "and create need it, update does not have it"
            )
        once = [field.field for field in self.fields if field.once]
        if self.mode == "update" and once:
            raise ValueError(f"{self.name}: {', '.join(once)} is `once`, and nothing is created")
        return self

    def own_fields(self) -> tuple[OwnField, ...]:
        """Return the fields that `provision` creates."""
        why = "Written by Leadcycle; do not edit."
        mapped = (
            OwnField(field.field, field.label, field.type, why, field.length)
            for field in self.fields
            if not field.native
        )
        key = (
            [OwnField(self.match, "Leadcycle key", "string", why, _KEY_LENGTH, is_key=True)]
            if self.match is not None and is_ours(self.match)
            else []
        )
        return (*key, *mapped, OwnField(self.stamp.field, self.stamp.label, "datetime", why))


class _SyncFile(_Strict):
    syncs: tuple[Sync, ...]

    @model_validator(mode="after")
    def _one_sync_a_name(self) -> "_SyncFile":
        twice = _repeated([sync.name for sync in self.syncs])
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} names two syncs")
        return self


def _repeated(names: Sequence[str]) -> set[str]:
    """Return the names that come again; CRMs take no notice of case."""
    folded = [name.lower() for name in names]
    return {name for name in names if folded.count(name.lower()) > 1}


def load_syncs(revops_dir: Path) -> tuple[Sync, ...]:
    """Read `syncs.yml`.

    Raises:
        SyncConfigError: naming each wrong entry, all at once.
    """
    path = revops_dir / "syncs.yml"
    if not path.exists():
        raise SyncConfigError(f"{path} is missing: LEADCYCLE_REVOPS must name the rules' folder")
    try:
        return _SyncFile.model_validate(yaml.safe_load(path.read_text("utf-8"))).syncs
    except yaml.YAMLError as error:
        raise SyncConfigError(f"{path} is not YAML: {error}") from error
    except ValidationError as error:
        problems = (f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise SyncConfigError(f"{path} is wrong. " + "; ".join(problems)) from error


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc)
