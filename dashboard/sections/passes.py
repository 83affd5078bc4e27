"""Who comes back to a stage."""

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.passes import stage_passes, table_of
from dashboard.published import Snapshot, read_counts, read_rows
from dashboard.rows import PassCount, StageCycle


def show(snapshot: Snapshot) -> None:
    """Show how many of all who ever entered a stage entered it again."""
    with section("Coming back"):
        stages = read_rows(snapshot, "marts.stage_stocks", StageCycle)
        ends_cycle = [stage.stage_key for stage in stages if stage.ends_cycle]
        passes = stage_passes(read_counts(snapshot, "marts.stage_stints", PassCount), ends_cycle)
        if not passes:
            st.info("Nobody has entered a stage yet.")
            return
        st.caption(
            "People by how often they have entered the stage, of all who ever did:"
            " everybody counts once in a stage."
        )
        show_table(table_of(passes))
