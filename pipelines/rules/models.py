"""The shape of the rules: what RevOps may write in each file of `revops/`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
LabelText = Annotated[str, Field(min_length=1, max_length=80)]
System = Literal["salesforce", "hubspot"]
Language = Literal["en", "zh"]
Kind = Literal["fit", "behaviour", "adjustment"]
ActivityType = Literal["form_submission", "call", "email", "task"]
Trigger = Literal["form_submission", "call", "email", "task", "stage_entered", ""]
Operator = Literal["", "is_set", "equals", "contains", "has_word", "at_least", "at_most"]

NUMBER_OPERATORS = frozenset({"at_least", "at_most"})
FIELDS_BY_KIND: dict[Kind, tuple[str, ...]] = {
    "fit": ("title", "company", "country", "industry", "channel", "employees"),
    "behaviour": ("", "label", "direction"),
    "adjustment": ("stage_key",),
}
"""Which fields a score rule may look at: of the person, of the activity, of the stage entered."""


def _must_not_be_zero(points: float) -> float:
    if points == 0:
        raise ValueError("must not be 0")
    return points


class Strict(BaseModel):
    """A frozen record that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Strict):
    """A name for people, in each language."""

    en: LabelText
    zh: LabelText


class Phase(Strict):
    """A group of stages."""

    key: Key
    label: Label


class Stage(Strict):
    """One stage of the lifecycle."""

    key: Key
    label: Label
    rank: Annotated[int, Field(ge=1, le=99)]
    phase: str
    path: Literal["success", "detour"]
    authority: Literal["salesforce", "hubspot", "any"] = "any"
    decision: bool = False
    may_return: bool = False
    ends_cycle: bool = False


class EntryRule(Strict):
    """What moves a person into a stage besides the CRM's own stage field."""

    key: Key
    when: Literal["record_created", "activity"]
    enter: str
    activity_type: ActivityType | Literal[""] = ""
    returns: bool = False

    @model_validator(mode="after")
    def _activity_rules_name_their_activity(self) -> "EntryRule":
        if (self.when == "activity") != bool(self.activity_type):
            raise ValueError("activity_type goes with when: activity, and only with it")
        return self


class Lifecycle(Strict):
    """`lifecycle.yml`."""

    language: Language = "en"
    bounce_seconds: Annotated[int, Field(ge=0, le=86_400)] = 300
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=2)]
    entry_rules: Annotated[tuple[EntryRule, ...], Field(min_length=1)]


class StageMapping(Strict):
    """A row of `stage_map.csv`: what one value of a CRM field means."""

    system: System
    object: Literal["lead", "contact"]
    field: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]
    stage_key: Annotated[str, Field(min_length=1)]


class RoleAddress(Strict):
    """A row of `role_addresses.csv`: a mailbox that belongs to nobody in particular."""

    local_part: Annotated[str, Field(pattern=r"^[a-z0-9._+-]+$")]


class ScoreRule(Strict):
    """A row of `score_rules.csv`."""

    rule_id: Key
    kind: Kind
    activity_type: Trigger = ""
    field: str = ""
    operator: Operator = ""
    value: str = ""
    points: Annotated[float, Field(ge=-1000, le=1000), AfterValidator(_must_not_be_zero)]
    half_life_days: Annotated[float, Field(gt=0, le=3650)] | None = None
    label_en: LabelText
    label_zh: LabelText

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The values of which one must fit, in lower case; `|` stands between them."""
        return tuple(part.strip().lower() for part in self.value.split("|"))
