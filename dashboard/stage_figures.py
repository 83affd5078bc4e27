"""Bars of people per stage: the path in the colours of its phases, the detours in grey."""

from collections.abc import Sequence
from itertools import cycle

import plotly.graph_objects as go

from dashboard import palette
from dashboard.rows import StageStock
from dashboard.stages import detours, path_stages, phase_label, phases

BAR_HEIGHT = 38
"""Pixels for one stage: room for its label on a telephone."""


def stages_figure(stocks: Sequence[StageStock]) -> go.Figure:
    """Draw people per stage of the path, first stage on top, one colour per phase."""
    stages = path_stages(stocks)
    total = sum(stage.people for stage in stages)
    figure = go.Figure()
    for phase, colour in zip(phases(stocks), cycle(palette.PHASES), strict=False):
        bars = [stage for stage in stages if stage.phase == phase]
        figure.add_trace(_bars(bars, total, phase_label(phase), colour))
    return _lay_out(figure, stages)


def detours_figure(stocks: Sequence[StageStock]) -> go.Figure:
    """Draw people per detour, in grey: they stand beside the path."""
    stages = detours(stocks)
    total = sum(stage.people for stage in stages)
    figure = go.Figure(_bars(stages, total, "Detours", palette.GREY))
    return _lay_out(figure, stages).update_layout(showlegend=False)


def _bars(stages: Sequence[StageStock], total: int, name: str, colour: str) -> go.Bar:
    return go.Bar(
        orientation="h",
        name=name,
        marker_color=colour,
        x=[stage.people for stage in stages],
        y=[stage.stage_label for stage in stages],
        text=[f"{stage.people:,}" for stage in stages],
        textposition="outside",
        cliponaxis=False,
        hovertext=[_hover(stage, total) for stage in stages],
        hoverinfo="text",
    )


def _hover(stage: StageStock, total: int) -> str:
    share = stage.people / max(total, 1)
    return (
        f"<b>{stage.stage_label}</b>"
        f"<br>{stage.people:,} of the {total:,} people in this chart ({share:.0%})"
    )


def _lay_out(figure: go.Figure, stages: Sequence[StageStock]) -> go.Figure:
    figure.update_layout(
        **palette.LAYOUT,
        height=BAR_HEIGHT * len(stages) + 60,
        bargap=0.25,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemclick": False},
    )
    most = max((stage.people for stage in stages), default=0)
    figure.update_xaxes(visible=False, range=[0, max(most, 1) * 1.15])
    order = [stage.stage_label for stage in reversed(stages)]
    figure.update_yaxes(categoryorder="array", categoryarray=order, ticks="", **palette.AXIS)
    return figure
