"""How the screen is started."""

import sys

from dashboard.serve import APP, command


def test_the_command_runs_the_app_with_this_python_on_the_given_port() -> None:
    assert command(8123)[:6] == [
        *(sys.executable, "-m", "streamlit", "run", str(APP), "--server.port=8123")
    ]


def test_the_screen_listens_on_loopback_and_reports_nothing_to_anybody() -> None:
    assert {
        "--server.address=127.0.0.1",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
    } <= set(command(1))


def test_the_app_is_where_the_command_says() -> None:
    assert APP.is_file()
