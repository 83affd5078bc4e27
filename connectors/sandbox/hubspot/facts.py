"""What is the same of the account everywhere."""

PORTAL_ID = 24_681_357
APP_ID = 3_141_592
"""The OAuth app that is installed in the account."""
RESTORABLE_MS = 90 * 86_400_000
"""For how long what was deleted can be had back."""
