"""Whose scores are highest."""

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.people import highest_scores
from dashboard.published import Snapshot


def show(snapshot: Snapshot) -> None:
    """Show the highest scores by person id: names and reasons are in the CRM."""
    with section("Highest scores"):
        rows = highest_scores(snapshot)
        if not rows:
            st.info("Nobody has a score yet.")
            return
        st.caption("Points by person id; open the person in your CRM for name and reasons.")
        show_table(rows)
