"""Lines of average days by month, one per transition."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import cycle

import plotly.graph_objects as go

from dashboard import palette
from dashboard.rows import VelocityMonth
from dashboard.velocity import (
    FEW_MOVES,
    Transition,
    View,
    default_transitions,
    line_of,
    transition_of,
    transitions,
)

Look = tuple[str, str]
"""Colour and dash."""
Line = Sequence[VelocityMonth | None]
"""One transition along the months shown."""


def velocity_figure(
    rows: Sequence[VelocityMonth], chosen: Sequence[Transition], view: View
) -> go.Figure:
    """Draw average days by month, one line per chosen transition; gaps where nobody moved."""
    looks = _looks(rows, view)
    figure = go.Figure()
    for transition in chosen:
        line = line_of(rows, transition, view.months)
        figure.add_trace(_line(transition, line, view, looks[transition]))
        figure.add_trace(_hollows(transition, line, view))
    figure.update_layout(
        **palette.LAYOUT,
        height=430,
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
    )
    half_a_month = timedelta(days=15)
    figure.update_xaxes(
        tickformat="%b\n'%y",
        dtick=f"M{max(len(view.months) // 12, 1)}",
        tickangle=0,
        showgrid=False,
        range=[view.months[0] - half_a_month, view.months[-1] + half_a_month],
        **palette.AXIS,
    )
    figure.update_yaxes(
        title=f"{view.measure} days", rangemode="tozero", gridcolor=palette.GRID, **palette.AXIS
    )
    return figure


def _looks(rows: Sequence[VelocityMonth], view: View) -> Mapping[Transition, Look]:
    """Give every transition a look that stays whichever are chosen; the defaults pick first."""
    defaults = default_transitions(rows, view.as_of)
    others = [transition for transition in transitions(rows) if transition not in defaults]
    return dict(zip([*defaults, *others], cycle(palette.LINES), strict=False))


def _line(transition: Transition, line: Line, view: View, look: Look) -> go.Scatter:
    colour, dash = look
    return go.Scatter(
        name=transition.label,
        legendgroup=transition.label,
        mode="lines+markers",
        x=list(view.months),
        y=[view.days_of(row) if row else None for row in line],
        connectgaps=False,
        line={"color": colour, "dash": dash, "width": 2},
        marker={"size": 9, "color": colour},
        hovertext=[hover_of(row, view) if row else None for row in line],
        hoverinfo="text",
    )


def _hollows(transition: Transition, line: Line, view: View) -> go.Scatter:
    """Lie on the line's points of few moves; a trace apart keeps the legend's point filled."""
    few = [row for row in line if row and 0 < row.n < FEW_MOVES]
    return go.Scatter(
        name=transition.label,
        legendgroup=transition.label,
        showlegend=False,
        mode="markers",
        x=[row.period_month for row in few],
        y=[view.days_of(row) for row in few],
        marker={"size": 5, "color": "white"},
        hoverinfo="skip",
    )


def hover_of(row: VelocityMonth, view: View) -> str:
    """Say what one point stands for: the average, how many moves, and how many still wait."""
    days = view.days_of(row)
    ongoing = row.period_month == view.as_of.replace(day=1)
    return "<br>".join(
        [
            f"<b>{transition_of(row).label}</b>",
            f"{row.period_month:%B %Y}" + (" (not over yet)" if ongoing else ""),
            "no completed moves" if days is None else f"{view.measure} {days:,.1f} days",
            f"n = {row.n:,} completed moves" + (" (few)" if row.n < FEW_MOVES else ""),
            f"n_open = {row.n_open:,} still open in {row.from_stage_label}",
        ]
    )
