"""What the numbers of this page do not contain."""

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.left_out import table_of_set_aside, table_of_unmapped
from dashboard.published import Snapshot, read_counts, read_rows
from dashboard.rows import SetAsideCount, UnmappedValue


def show(snapshot: Snapshot) -> None:
    """Show records that the models leave out, then stage values that move nobody."""
    show_set_aside(snapshot)
    show_unmapped(snapshot)


def show_set_aside(snapshot: Snapshot) -> None:
    """Show how many records of each CRM object are left out, and why."""
    with section("Left out of these numbers"):
        counts = read_counts(snapshot, "marts.set_aside", SetAsideCount)
        if not counts:
            st.info("No record is left out.")
            return
        st.caption("Each of them is in `marts.set_aside` with its id.")
        show_table(table_of_set_aside(counts))


def show_unmapped(snapshot: Snapshot) -> None:
    """Show the values of stage fields that no rule maps."""
    with section("Stage values without a rule"):
        values = read_rows(snapshot, "marts.unmapped_values", UnmappedValue)
        if not values:
            st.info("Every stage value in the CRMs has a rule.")
            return
        st.caption("They move nobody until `revops/stage_map.csv` names them.")
        show_table(table_of_unmapped(values))
