"""Refresh tokens of an app, for tests."""

from urllib.parse import parse_qs, urlsplit

import requests

from tests.contract.conftest import Sandbox

BACK = "http://127.0.0.1:9/back"


def connect_app(sandbox: Sandbox) -> str:
    """Connect the app to the account as a person would and return its refresh token."""
    keys = sandbox.hubspot
    app = {"client_id": keys["client_id"], "redirect_uri": BACK}
    authorize = f"{keys['base_url']}/oauth/authorize"
    sent = requests.request("GET", authorize, params=app, allow_redirects=False, timeout=9)
    [code] = parse_qs(urlsplit(sent.headers["Location"]).query)["code"]
    form = {**app, "client_secret": keys["client_secret"], "code": code}
    form["grant_type"] = "authorization_code"
    answer = requests.request("POST", f"{keys['base_url']}/oauth/v3/token", data=form, timeout=9)
    token: str = answer.json()["refresh_token"]
    return token
