"""How the OAuth endpoints say no: {error, error_description}."""

from connectors.sandbox.web import Answer


class OAuthRefusal(Exception):  # noqa: N818 - an answer rather than an error of the sandbox
    """A grant is refused."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def answer(self) -> Answer:
        """Return the refusal as it is sent."""
        body = {"error": self.error, "error_description": self.description}
        return Answer(400, body, {"Cache-Control": "no-store", "Pragma": "no-cache"})


def invalid_grant(description: str) -> OAuthRefusal:
    """What is presented does not give access."""
    return OAuthRefusal("invalid_grant", description)
