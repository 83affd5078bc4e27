"""Settings from the environment and `.env`: vendor names plain, ours under LEADCYCLE_."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Target = Literal["duckdb", "spark"]
"""What builds the tables. Everything that reads them reads Parquet, and does not ask."""

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong."""


def _named(name: str) -> AliasChoices:
    return AliasChoices(name, name.lower())


class Settings(BaseSettings):
    """Where things are and how to reach the CRMs. Nothing is read at import."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(Path(".leadcycle"), validation_alias=_named("LEADCYCLE_HOME"))
    """Folder of everything this project keeps: lake, warehouse, published files, state."""
    revops_dir: Path = Field(PROJECT_ROOT / "revops", validation_alias=_named("LEADCYCLE_REVOPS"))
    lake: str | None = Field(None, validation_alias=_named("LEADCYCLE_LAKE"))
    """Folder of the lake, or `s3://bucket/prefix`; under the home where it is left out."""
    lake_endpoint: str | None = Field(None, validation_alias=_named("LEADCYCLE_LAKE_ENDPOINT"))
    """Address of a store that speaks S3 and is not AWS's."""
    state_url: SecretStr | None = Field(None, validation_alias=_named("LEADCYCLE_STATE_URL"))
    dagster_url: SecretStr | None = Field(None, validation_alias=_named("LEADCYCLE_DAGSTER_URL"))
    """PostgreSQL database of Dagster's own storage; `files`, or nothing: files under the home."""
    as_of: datetime | Literal["crm"] = Field("crm", validation_alias=_named("LEADCYCLE_AS_OF"))
    """The instant everything is computed at; `crm` means the CRMs' own clock at extraction."""

    target: Target = Field("duckdb", validation_alias=_named("LEADCYCLE_TARGET"))

    salesforce_base_url: str | None = Field(None, validation_alias=_named("SALESFORCE_BASE_URL"))
    salesforce_client_id: str | None = Field(None, validation_alias=_named("SALESFORCE_CLIENT_ID"))
    salesforce_client_secret: SecretStr | None = Field(
        None, validation_alias=_named("SALESFORCE_CLIENT_SECRET")
    )
    salesforce_jwt_key_file: Path | None = Field(
        None, validation_alias=_named("SALESFORCE_JWT_KEY_FILE")
    )
    """PEM of the private key of an app with the JWT bearer flow, in place of a client secret."""
    salesforce_jwt_username: str | None = Field(
        None, validation_alias=_named("SALESFORCE_JWT_USERNAME")
    )
    salesforce_jwt_audience: str = Field("", validation_alias=_named("SALESFORCE_JWT_AUDIENCE"))
    """Empty: login.salesforce.com, or test.salesforce.com for the address of a sandbox org."""
    salesforce_api_version: str = Field(
        "66.0", validation_alias=_named("SALESFORCE_API_VERSION"), pattern=r"^\d{2}\.0$"
    )
    hubspot_base_url: str = Field(
        "https://api.hubapi.com", validation_alias=_named("HUBSPOT_BASE_URL")
    )
    hubspot_access_token: SecretStr | None = Field(
        None, validation_alias=_named("HUBSPOT_ACCESS_TOKEN")
    )
    hubspot_client_id: str | None = Field(None, validation_alias=_named("HUBSPOT_CLIENT_ID"))
    """With its secret and a refresh token, in place of an access token: an OAuth app."""
    hubspot_client_secret: SecretStr | None = Field(
        None, validation_alias=_named("HUBSPOT_CLIENT_SECRET")
    )
    hubspot_refresh_token: SecretStr | None = Field(
        None, validation_alias=_named("HUBSPOT_REFRESH_TOKEN")
    )
    hubspot_api_version: Literal["v3", "2026-09"] = Field(
        "v3", validation_alias=_named("HUBSPOT_API_VERSION")
    )
    hubspot_calls_per_ten_seconds: int = Field(
        100, validation_alias=_named("HUBSPOT_CALLS_PER_TEN_SECONDS"), ge=1, le=250
    )
    """What is believed of the account's allowance until its first answer tells."""

    @field_validator("as_of")
    @classmethod
    def _with_zone(cls, value: datetime | str) -> datetime | str:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("give a time zone, e.g. 2026-06-30T12:00:00Z")
            return value.astimezone(UTC)
        return value

    @field_validator("dagster_url")
    @classmethod
    def _is_database(cls, value: SecretStr | None) -> SecretStr | None:
        address = value.get_secret_value() if value is not None else "files"
        if address == "files":
            return None
        if not address.startswith("postgresql"):
            raise ValueError("give postgresql://user:password@host/database, or files")
        return value

    @field_validator("lake")
    @classmethod
    def _is_place(cls, value: str | None) -> str | None:
        if value is None or "://" not in value:
            return value
        scheme, _, place = value.rstrip("/").partition("://")
        if scheme != "s3" or not place.strip("/"):
            raise ValueError("give a folder, or s3://bucket/prefix")
        return f"s3://{place}"

    @field_validator("salesforce_base_url", "hubspot_base_url", "lake_endpoint")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("give the whole address, e.g. https://your-domain.my.salesforce.com")
        return value.rstrip("/") if value else value

    @property
    def lake_url(self) -> str:
        """Where the lake is: a folder, or an address on object storage."""
        return self.lake or str(self.home / "lake")

    @property
    def lake_options(self) -> dict[str, str]:
        """What fsspec is to know of the lake's place; credentials are AWS's own variables."""
        known = self.lake_endpoint and self.lake_url.startswith("s3://")
        return {"endpoint_url": str(self.lake_endpoint)} if known else {}

    @property
    def scratch_dir(self) -> Path:
        """Folder for copies of what lies on object storage, and for what memory can't hold."""
        return self.home / "scratch"

    @property
    def token_file(self) -> Path:
        """Where the refresh token of a HubSpot app is kept once HubSpot has replaced it."""
        return self.home / "tokens" / "hubspot.json"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that only dbt writes."""
        return self.home / "warehouse.duckdb"

    @property
    def published_dir(self) -> Path:
        """Folder of published files: all that syncs, dashboard and people read."""
        return self.home / "published"

    @property
    def state_database_url(self) -> str:
        """SQLAlchemy address of the state store."""
        if self.state_url is not None:
            return self.state_url.get_secret_value()
        return f"sqlite:///{self.home / 'state.sqlite'}"


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming every wrong setting and what it needs; values are not shown.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        text = "; ".join(lines)
        raise SettingsError(f"Wrong setting: {text}. See .env.example for every setting.") from None
