"""Who comes back to a stage."""

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.passes import stage_passes, table_of
from dashboard.published import Snapshot, read_counts
from dashboard.rows import PassCount


def show(snapshot: Snapshot) -> None:
    """Show how many of all who ever entered a stage entered it again."""
    with section("Coming back"):
        passes = stage_passes(read_counts(snapshot, "marts.stage_stints", PassCount))
        if not passes:
            st.info("Nobody has entered a stage yet.")
            return
        st.caption(
            "People by how often they have entered the stage, of all who ever did:"
            " everybody counts once in a stage."
        )
        show_table(table_of(passes))
