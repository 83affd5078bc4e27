"""The page "Lifecycle": where everybody stands, how they move, and what came of it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.published import (
    NothingPublishedError,
    PublishedError,
    Snapshot,
    open_snapshot,
    version_of,
)
from dashboard.sections import (
    left_out,
    opportunities,
    passes,
    scores,
    stages,
    syncs,
    velocity,
)
from dashboard.velocity import months_until
from dashboard.words import when

MONTHS_SHOWN = (12, 24, 36)
LOOK_AGAIN = "5s"


def show(folder: Path) -> None:
    """Draw the page from the snapshot that is current now, and again at the next publish."""
    st.title("Lifecycle")
    draw_again_when_published(folder, version_of(folder))
    try:
        snapshot = open_snapshot(folder)
    except NothingPublishedError as error:
        st.info(str(error))
        return
    except PublishedError as error:
        st.warning(str(error))
        return
    st.caption(f"As of **{when(snapshot.as_of)}** by the CRMs' clock · snapshot {snapshot.name}")
    show_parts(snapshot)


def show_parts(snapshot: Snapshot) -> None:
    """Draw all parts: the company now, then its last months, then what the numbers rest on."""
    stages.show(snapshot)
    passes.show(snapshot)
    months = choose_months(snapshot)
    velocity.show(snapshot, months)
    opportunities.show(snapshot, months)
    scores.show(snapshot)
    left_out.show(snapshot)
    syncs.show(snapshot)


@st.fragment(run_every=LOOK_AGAIN)
def draw_again_when_published(folder: Path, drawn: tuple[object, ...]) -> None:
    """Draw the whole page again once something newer is published than it was drawn from."""
    if version_of(folder) != drawn:
        st.rerun()


def choose_months(snapshot: Snapshot) -> Sequence[date]:
    """Let the reader choose how many months until as_of are shown; returns their first days."""
    count = st.segmented_control(
        "Months of moves and opportunities", MONTHS_SHOWN, default=MONTHS_SHOWN[0], required=True
    )
    return months_until(snapshot.as_of.date(), count)
