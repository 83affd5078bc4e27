"""Refresh tokens of an app, for tests."""


class TokensInMemory:
    """Keeps every refresh token that it is given."""

    def __init__(self, token: str) -> None:
        self.kept = [token]

    def read(self) -> str:
        return self.kept[-1]

    def keep(self, token: str) -> None:
        self.kept.append(token)
