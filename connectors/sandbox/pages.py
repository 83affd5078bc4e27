"""x"""

from starlette.routing import Route

from connectors.sandbox.context import Sandbox


def routes(sandbox: Sandbox) -> list[Route]:
    return []
