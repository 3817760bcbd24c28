"""What can be set from outside: the environment's SAPAT_… variables, nothing else."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one Sapat. Without any, it runs embedded: SQLite, its own mail sink, a demonstration university.

    `demonstration` fills an empty database at the first start; `development` shows the page of components;
    `prefect_port` 0 takes a free one for Prefect's pages. `hosts`: names, by commas and with their ports, by which
    browsers may reach Sapat besides that of `base_url` and those of this machine. `proxy`: the addresses of proxies,
    by commas, whose X-Forwarded-For and -Proto are believed.

    `outgoing_allow`: `host:port`, separated by commas, that webhooks may reach though they are not on the public
    internet. `oidc_…`: the identity provider by which people may sign in; `oidc_label` is what its button says.

    `complaints`: whether anybody may complain at /complaint without an account. `inbox`: a mailbox whose mails are
    complaints, `imaps://user:password@host/FOLDER` (docs/complaints.md).

    `forms`: a folder whose forms for prints, coat of arms and name stand in place of ours (docs/prints.md).

    `certificate`: a PKCS#12 file with the university's own certificate and key, `certificate_password` its password;
    without one Sapat makes one. `timestamp_url`: a time-stamp server (RFC 3161) for seals (docs/controlled.md).
    `files`: a bucket in which files are kept instead of in `home`, `s3://KEY:SECRET@bucket/prefix?endpoint=https://…`.
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
    hosts: str = ""
    proxy: str = ""
    development: bool = False
    demonstration: bool = True
    outgoing_allow: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_label: str = ""
    complaints: bool = True
    inbox: SecretStr | None = None
    forms: Path | None = None
    certificate: Path | None = None
    certificate_password: SecretStr | None = None
    timestamp_url: str = ""
    files: SecretStr | None = None

    @property
    def database(self) -> str:
        """Where the data are: the given database, or an SQLite file in `home`."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'sapat.db'}"

    @property
    def address(self) -> str:
        """What links in mails begin with."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def outgoing_allowed(self) -> frozenset[str]:
        """The `host:port` that webhooks may reach wherever they are."""
        return frozenset(filter(None, (one.strip().lower() for one in self.outgoing_allow.split(","))))

    @property
    def demo(self) -> bool:
        """Whether mails stay here: then pages may show them, and anybody on this machine may be anybody."""
        return not self.smtp_url
