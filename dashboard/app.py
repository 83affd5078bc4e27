"""The RevOps screen, as Streamlit runs it: `streamlit run dashboard/app.py`."""

import os
from pathlib import Path

import streamlit as st

from dashboard.page import show

st.set_page_config(page_title="Leadcycle · Lifecycle", layout="wide")
show(Path(os.environ.get("LEADCYCLE_PUBLISHED", ".leadcycle/published")))
