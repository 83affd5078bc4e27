"""What assets need from outside: the settings, and through them lake, state and CRMs."""

import dagster as dg

from pipelines.settings import Settings, load_settings


class LeadcycleResource(dg.ConfigurableResource[Settings]):
    """The project's settings, read from the environment when a step starts."""

    def settings(self) -> Settings:
        """Read the settings; raises SettingsError."""
        return load_settings()
