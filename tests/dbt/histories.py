"""Hypothesis strategies: people with random histories in two CRMs, as extraction lands them."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.dbt.crm import Crms
from tests.dbt.lake import utc

STATUSES = [
    "New", "Nurturing", "Marketing Qualified", "Working", "Qualified", "Recycled", "Disqualified",
    "No such status",
]  # fmt: skip
LIFECYCLES = [
    "", "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity",
    "customer", "other",
]  # fmt: skip
FORMS = ["Demo request", "Newsletter", "Webinar"]
EPOCH = utc("2026-01-01")

_gaps = st.sampled_from([0, 0, 1, 60, 299, 300, 86_400, 900_000])
"""Seconds between two events: within a second, within the bounce time, and far apart."""


def _times(gaps: list[int]) -> list[str]:
    """Return an instant for each gap, counted from the last one."""
    return [
        (EPOCH + timedelta(seconds=sum(gaps[: n + 1]))).isoformat()[:-6] for n in range(len(gaps))
    ]


@st.composite
def stories(draw: st.DrawFn, people: int = 30) -> Crms:
    """Draw people who have a Lead, a contact or both, each with a history of its own."""
    crms = Crms()
    for number in range(people):
        where = draw(st.sampled_from(["salesforce", "hubspot", "both"]))
        if where != "hubspot":
            _lead(draw, crms, number)
        if where != "salesforce":
            _contact(draw, crms, number)
    return crms


def _lead(draw: st.DrawFn, crms: Crms, number: int) -> None:
    lead_id = f"00Q5e0000{number:06}AAA"
    statuses = draw(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6))
    times = _times(draw(st.lists(_gaps, min_size=len(statuses), max_size=len(statuses))))
    gone = draw(st.integers(0, 9)) == 0
    fields = {"Email": f"p{number}@x.example", "Status": statuses[-1], "_is_deleted": gone}
    crms.lead(lead_id, times[0], times[-1], **fields)
    for place in range(1, len(statuses)):
        crms.status(lead_id, statuses[place - 1], statuses[place], times[place], place)


def _contact(draw: st.DrawFn, crms: Crms, number: int) -> None:
    values = draw(st.lists(st.sampled_from(LIFECYCLES), min_size=1, max_size=6))
    gaps = draw(
        st.lists(_gaps.map(lambda gap: gap + 1), min_size=len(values), max_size=len(values))
    )
    times = _times(gaps)
    email = f"p{number}@x.example"
    crms.contact(str(number), times[0], times[-1], email=email, lifecyclestage=values[-1])
    source = draw(st.sampled_from(["CRM_UI", "API"]))
    crms.lifecycle(str(number), *zip(values, times, strict=True), source=source)
    for place, gap in enumerate(draw(st.lists(_gaps, max_size=2))):
        at = (EPOCH + timedelta(seconds=gap * 2)).isoformat()[:-6]
        crms.form(f"{number}-{place}", email, at, draw(st.sampled_from(FORMS)))
