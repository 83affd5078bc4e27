"""What the last syncs did."""

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.published import Snapshot, TableNotPublishedError, read_rows
from dashboard.rows import SyncPlan
from dashboard.syncs import latest, table_of


def show(snapshot: Snapshot) -> None:
    """Show what the last sync into each CRM object did, where syncs publish their plans."""
    with section("Last sync into each CRM"):
        try:
            plans = read_rows(snapshot, "state.plans", SyncPlan)
        except TableNotPublishedError:
            plans = []
        if not plans:
            st.info("No sync has been planned yet.")
            return
        show_table(table_of(latest(plans)))
