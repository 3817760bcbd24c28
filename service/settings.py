"""What can be set from outside: the environment's SAPAT_… variables, nothing else."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one Sapat. Without any, it runs embedded: SQLite, its own mail sink, a demonstration university.

    `demonstration` fills an empty database at the first start; `development` shows the page of components;
    `prefect_port` 0 takes a free one for Prefect's pages.
    """

    model_config = SettingsConfigDict(env_prefix="SAPAT_")

    home: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    prefect_port: int = 0
    database_url: str = ""
    smtp_url: str = ""
    sender: str = "Sapat <sapat@localhost.localdomain>"
    base_url: str = ""
    development: bool = False
    demonstration: bool = True

    @property
    def database(self) -> str:
        """Where the data are: the given database, or an SQLite file in `home`."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'sapat.db'}"

    @property
    def address(self) -> str:
        """What links in mails begin with."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def demo(self) -> bool:
        """Whether mails stay here: then pages may show them, and anybody on this machine may be anybody."""
        return not self.smtp_url
