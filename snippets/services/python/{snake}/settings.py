"""Everything that the service is told from outside, read once at the start.

Secrets come from files: variables show up in process lists, crash reports and child processes. Nothing has a default
password or key: what is missing stops the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass<%#database%>, field<%/database%><%^database%><%#broker%>, field<%/broker%><%/database%>
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


@dataclass(frozen=True)
class Auth:
    # In PEM.
    public_key: str
    issuer: str
    audience: str
<%#database%>


@dataclass(frozen=True)
class Database:
    host: str
    port: int
<%#sql%>
    name: str
<%/sql%>
    user: str
    # Not in the text of this object: logs and traces that show it show no password.
    password: str = field(repr=False)
    ca_file: Path
<%/database%>
<%#broker%>


@dataclass(frozen=True)
class Broker:
    host: str
    port: int
    user: str
    # Not in the text of this object: logs and traces that show it show no password.
    password: str = field(repr=False)
    ca_file: Path
<%/broker%>


@dataclass(frozen=True)
class Settings:
    port: int
    certificate_file: Path
    key_file: Path
    auth: Auth
<%#database%>
    database: Database
<%/database%>
<%#broker%>
    broker: Broker
<%/broker%>


class SettingsError(Exception):
    """Names every fault, but no value."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    read = Reader(environment)
    settings = Settings(
        port=read.port("PORT", 8443),
        certificate_file=read.path("TLS_CERT_FILE"),
        key_file=read.path("TLS_KEY_FILE"),
        auth=Auth(
            public_key=read.public_key("AUTH_PUBLIC_KEY_FILE"),
            issuer=read.text("AUTH_ISSUER"),
            audience=read.text("AUTH_AUDIENCE"),
        ),
<%#database%>
        database=Database(
            host=read.text("DATABASE_HOST"),
<%#postgres%>
            port=read.port("DATABASE_PORT", 5432),
<%/postgres%>
<%#mysql%>
            port=read.port("DATABASE_PORT", 3306),
<%/mysql%>
<%#redis%>
            port=read.port("DATABASE_PORT", 6379),
<%/redis%>
<%#sql%>
            name=read.text("DATABASE_NAME"),
<%/sql%>
            user=read.text("DATABASE_USER"),
            password=read.content("DATABASE_PASSWORD_FILE"),
            ca_file=read.path("DATABASE_CA_FILE"),
        ),
<%/database%>
<%#broker%>
        broker=Broker(
            host=read.text("BROKER_HOST"),
<%#kafka%>
            port=read.port("BROKER_PORT", 9092),
<%/kafka%>
<%#rabbitmq%>
            port=read.port("BROKER_PORT", 5671),
<%/rabbitmq%>
            user=read.text("BROKER_USER"),
            password=read.content("BROKER_PASSWORD_FILE"),
            ca_file=read.path("BROKER_CA_FILE"),
        ),
<%/broker%>
    )
    if read.faults:
        raise SettingsError("; ".join(read.faults))
    return settings


class Reader:
    """Reads one setting each and collects faults, so that one start shows all of them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.faults: list[str] = []

    def text(self, name: str) -> str:
        value = self.environment.get(name, "").strip()
        if not value:
            self.faults.append(f"{name} is not set")
        return value

    def port(self, name: str, default: int) -> int:
        value = self.environment.get(name, str(default)).strip()
        if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
            return int(value)
        self.faults.append(f"{name} is not a port")
        return default

    def content(self, name: str) -> str:
        path = self.text(name)
        if not path:
            return ""
        try:
            content = Path(path).read_text().strip()
        except (OSError, ValueError):
            self.faults.append(f"{name}: {path} cannot be read")
            return ""
        if not content:
            self.faults.append(f"{name}: {path} is empty")
        return content

    def path(self, name: str) -> Path:
        """A file that is there, for libraries that read it themselves."""
        self.content(name)
        return Path(self.environment.get(name, "").strip())

    def public_key(self, name: str) -> str:
        """Only a public key: a service that checks tokens must not hold what makes them."""
        pem = self.content(name)
        if pem and not is_public_p256(pem):
            self.faults.append(f"{name} is not a public key for P-256 in PEM")
        return pem


def is_public_p256(pem: str) -> bool:
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError:
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
