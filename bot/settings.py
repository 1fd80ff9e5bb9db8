"""What the environment says. A missing or malformed setting is one clear sentence."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """A setting is missing or malformed. Its text is one sentence for the person who set it."""


def _starts_with(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return secret

    return AfterValidator(check)


def _database_url(url: str) -> str:
    try:
        backend = make_url(url.replace("postgres://", "postgresql://", 1)).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("must look like sqlite:///cadence.sqlite3 or postgresql://host/name")
    return url


def _api_url(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise ValueError("must start with https://, or be an http address of this machine")
    return url if url.endswith("/") else url + "/"


def _level(level: str) -> str:
    if level.upper() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}")
    return level.upper()


class Settings(BaseSettings):
    """Settings of `cadence run`, read from the environment by the names in capitals."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    slack_bot_token: Annotated[SecretStr, _starts_with("xoxb-")] | None = Field(
        None, description="The bot's token, xoxb-…: Slack → your app → Install App."
    )
    slack_app_token: Annotated[SecretStr, _starts_with("xapp-")] | None = Field(
        None, description="An app-level token, xapp-…, for Socket Mode. Without it: HTTP."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Proves that a request is Slack's. Needed for HTTP."
    )
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        "https://slack.com/api/", description="Where Slack's Web API is."
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///cadence.sqlite3", description="SQLite or PostgreSQL."
    )
    cadence_calendars: bool = Field(
        True, description="Whether people may give the iCal address of their calendar."
    )
    port: int = Field(3000, ge=1, le=65535, description="The port of the HTTP server.")
    log_level: Annotated[str, AfterValidator(_level)] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )

    def bot_token(self) -> str:
        """The bot's token. Raises SettingsError when it is not set."""
        if self.slack_bot_token is None:
            raise SettingsError("SLACK_BOT_TOKEN is not set: it is the bot's token, xoxb-….")
        return self.slack_bot_token.get_secret_value()

    def app_token(self) -> str | None:
        return self.slack_app_token.get_secret_value() if self.slack_app_token else None

    def signing_secret(self) -> str:
        """The signing secret. Raises SettingsError when HTTP needs it and it is not set."""
        if self.slack_signing_secret is None:
            raise SettingsError(
                "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP: "
                "neither is set."
            )
        return self.slack_signing_secret.get_secret_value()


_WHY = {
    "CADENCE_CALENDARS": "must be true or false",
    "PORT": "must be a number from 1 to 65535",
}


def read_settings() -> Settings:
    """The environment as Settings. Raises SettingsError with one sentence about the first fault."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(fault["loc"][0]).upper()
        why = fault["msg"].removeprefix("Value error, ")
        why = _WHY.get(name, why)
        raise SettingsError(f"{name} is malformed: {why}.") from None
