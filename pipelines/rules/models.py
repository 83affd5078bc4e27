"""The shape of the rules: what RevOps may write in each file of `revops/`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
LabelText = Annotated[str, Field(min_length=1, max_length=80)]
PassText = Annotated[str, Field(min_length=1, max_length=60)]
"""With its number a pass must fit into a CRM field of 80 characters."""
System = Literal["salesforce", "hubspot"]
Language = Literal["en", "zh"]
Whose = Literal["person", "account"]
PathKind = Literal["success", "detour", "post_sale"]
Kind = Literal["fit", "behaviour", "adjustment"]
ActivityType = Literal[
    "form_submission",
    "subscription",
    "campaign_response",
    "campaign_scan",
    "meeting",
    "call",
    "email",
    "note",
    "task",
]
NEVER_MEANINGFUL = frozenset({"campaign_scan", "note", "task"})
"""What is never taken for engagement; of forms and responses `activity_types.csv` says it."""
Trigger = ActivityType | Literal["stage_entered", ""]
EntryTrigger = Literal[
    "record_created",
    "channel_only",
    "activity",
    "fit",
    "opportunity_open",
    "opportunity_won",
    "opportunity_lost",
    "account_signal",
]
MilestoneTrigger = Literal[
    "first_touch", "record_created", "stage_entered", "opportunity_open", "opportunity_won"
]
Operator = Literal["", "is_set", "equals", "contains", "has_word", "at_least", "at_most"]

STAGE_FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("salesforce", "lead"): ("Status",),
    ("salesforce", "contact"): ("Status__c",),
    ("salesforce", "account"): (),
    ("hubspot", "contact"): ("hs_lead_status", "lifecyclestage"),
    ("hubspot", "company"): (),
}
"""Fields that can say the stage of a CRM's object: what is read of people's records by the models;
any field of an account's. A row about another field would move nobody and never say why."""
ACCOUNT_OBJECTS = frozenset({"account", "company"})
ACCOUNT_TRIGGERS = frozenset({"opportunity_won", "opportunity_lost"})
"""What can move an account through stages of its own."""

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


class PassName(Strict):
    """What a stage is called before the number of a pass (MQL-02), in each language."""

    en: PassText
    zh: PassText


class Phase(Strict):
    """A group of stages."""

    key: Key
    label: Label


class StagePath(Strict):
    """A way through some of the stages."""

    key: Key
    label: Label
    kind: PathKind
    """A way to the sale, places beside it, or what comes after the sale."""
    whose: Whose = "person"


class Stage(Strict):
    """One stage of the lifecycle."""

    key: Key
    label: Label
    pass_name: Annotated[PassName | None, Field(alias="pass")] = None
    """The stage's label, where it is not given."""
    rank: Annotated[int, Field(ge=1, le=9_999)]
    phase: str
    path: str
    authority: Literal["salesforce", "hubspot", "any"] = "any"
    decision: bool = False
    may_return: bool = False
    ends_cycle: bool = False


class EntryRule(Strict):
    """What moves a person into a stage besides the CRM's own stage field."""

    key: Key
    when: EntryTrigger
    enter: str
    activity_type: ActivityType | Literal[""] = ""
    direction: Literal["inbound", "outbound", ""] = ""
    """Only activities of this direction; any, where it is empty."""
    counts: Literal["meaningful", "all"] = "meaningful"
    """For `activity`: whether such an activity must be meaningful."""
    after: str = ""
    """For `fit`: the stage that must be entered first."""
    at_least: float | None = None
    """For `fit`: the points of fit that are enough."""
    leave_below: float | None = None
    """For `fit`: who has fewer points goes back to `after`; nobody does, where it is not given."""
    leave_after_days: Annotated[float, Field(ge=0, le=730)] | None = None
    """For `fit`: for so many days of 24 hours without a break; at once, where it is not given."""
    returns: bool = False

    @model_validator(mode="after")
    def _activity_rules_name_their_activity(self) -> "EntryRule":
        if (self.when == "activity") != bool(self.activity_type):
            raise ValueError("activity_type goes with when: activity, and only with it")
        if (self.direction or self.counts == "all") and self.when != "activity":
            raise ValueError("direction and counts go with when: activity, and only with it")
        if self.activity_type in NEVER_MEANINGFUL and self.counts != "all":
            raise ValueError(f"a {self.activity_type} is never meaningful: say counts: all")
        return self

    @model_validator(mode="after")
    def _fit_rules_say_how_much_and_after_what(self) -> "EntryRule":
        if (self.when == "fit") != (self.at_least is not None and bool(self.after)):
            raise ValueError("at_least and after go with when: fit, and only with it")
        return self

    @model_validator(mode="after")
    def _who_is_let_go_had_enough_before(self) -> "EntryRule":
        if self.leave_below is not None and self.when != "fit":
            raise ValueError("leave_below and leave_after_days go with when: fit, and only with it")
        if self.leave_after_days is not None and self.leave_below is None:
            raise ValueError("leave_after_days goes with leave_below, and only with it")
        if self.at_least is None or self.leave_below is None:
            return self
        if self.leave_below >= self.at_least:
            raise ValueError("leave_below must be less than at_least: between the two nobody moves")
        return self


class Milestone(Strict):
    """What counts as a milestone of a person, and how far around it touches are looked for."""

    key: Key
    label: Label
    when: MilestoneTrigger
    stage: str = ""
    """For `stage_entered`: the stage; each entry into it is a milestone."""
    days_before: Annotated[int, Field(ge=0, le=730)] = 30
    days_after: Annotated[int, Field(ge=0, le=730)] = 14

    @model_validator(mode="after")
    def _only_entries_name_a_stage(self) -> "Milestone":
        if (self.when == "stage_entered") != bool(self.stage):
            raise ValueError("stage goes with when: stage_entered, and only with it")
        return self


DEFAULT_PATHS = (
    StagePath(key="success", label=Label(en="Path", zh="成交路径"), kind="success"),
    StagePath(key="detour", label=Label(en="Detours", zh="旁路"), kind="detour"),
)


class Lifecycle(Strict):
    """`lifecycle.yml`."""

    title: Label | None = None
    """What this lifecycle is called in lists of presets; nothing is computed from it."""
    language: Language = "en"
    bounce_seconds: Annotated[int, Field(ge=0, le=86_400)] = 300
    echo_seconds: Annotated[int, Field(ge=0, le=604_800)] = 86_400
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    paths: Annotated[tuple[StagePath, ...], Field(min_length=1)] = DEFAULT_PATHS
    stages: Annotated[tuple[Stage, ...], Field(min_length=2)]
    entry_rules: Annotated[tuple[EntryRule, ...], Field(min_length=1)]
    milestones: tuple[Milestone, ...] = ()

    def keys_of(self, whose: Whose, *kinds: PathKind) -> frozenset[str]:
        """Return the stages on paths of people or of accounts: of any kind, if none is named."""
        paths = {
            path.key
            for path in self.paths
            if path.whose == whose and (not kinds or path.kind in kinds)
        }
        return frozenset(stage.key for stage in self.stages if stage.path in paths)


class StageMapping(Strict):
    """A row of `stage_map.csv`: what one value of a CRM field means."""

    system: System
    object: Literal["lead", "contact", "account", "company"]
    field: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]
    stage_key: Annotated[str, Field(min_length=1)]


class ActivityMapping(Strict):
    """A row of `activity_types.csv`: what something a person did is called and whether it counts.

    Of the rows whose words stand in the label the one with the most words holds; a row without
    words is the default.
    """

    system: System
    object: Literal["form_submission", "campaign_member"]
    label_contains: str = ""
    activity_type: ActivityType
    meaningful: bool


class FreeMailDomain(Strict):
    """A row of `free_mail_domains.csv`: hosts where anybody may have a mailbox."""

    domain: Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


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
