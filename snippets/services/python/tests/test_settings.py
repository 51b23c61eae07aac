from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from <% snake %>.settings import SettingsError, read_settings

from .parts import AUTH, AUTHORITY, public_pem


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    def file(name: str, content: str) -> str:
        (tmp_path / name).write_text(content)
        return str(tmp_path / name)

    return {
        "TLS_CERT_FILE": file("tls.crt", "certificate"),
        "TLS_KEY_FILE": file("tls.key", "key"),
        "AUTH_PUBLIC_KEY_FILE": file("auth.pem", AUTH.public_key),
        "AUTH_ISSUER": AUTH.issuer,
        "AUTH_AUDIENCE": AUTH.audience,
<%#database%>
        "DATABASE_HOST": "database",
<%#sql%>
        "DATABASE_NAME": "items",
<%/sql%>
        "DATABASE_USER": "service",
        "DATABASE_PASSWORD_FILE": file("database-password", "from a file\n"),
        "DATABASE_CA_FILE": file("database-ca.crt", "authority"),
<%/database%>
<%#broker%>
        "BROKER_HOST": "broker",
        "BROKER_USER": "service",
        "BROKER_PASSWORD_FILE": file("broker-password", "from a file\n"),
        "BROKER_CA_FILE": file("broker-ca.crt", "authority"),
<%/broker%>
    }


def test_settings_are_read_from_variables_and_files(good: dict[str, str]) -> None:
    settings = read_settings(good | {"PORT": "9443"})
    assert settings.port == 9443
    assert read_settings(good).port == 8443
    assert settings.auth == AUTH
<%#database%>
    assert settings.database.password == "from a file"
<%/database%>
<%#broker%>
    assert settings.broker.password == "from a file"
<%/broker%>
    assert "from a file" not in repr(settings)


def test_nothing_has_a_default_that_would_be_insecure(good: dict[str, str]) -> None:
    for name in good:
        without = {other: value for other, value in good.items() if other != name}
        with pytest.raises(SettingsError, match=rf"^{name} is not set$"):
            read_settings(without)


def test_all_faults_are_told_at_once_without_values(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    faults = {
        "PORT": "many",
        "TLS_KEY_FILE": str(tmp_path / "missing"),
        "AUTH_PUBLIC_KEY_FILE": str(tmp_path / "empty"),
    }
    with pytest.raises(SettingsError) as error:
        read_settings(good | faults)
    port, key, public_key = str(error.value).split("; ")
    assert port == "PORT is not a port"
    assert key == f"TLS_KEY_FILE: {tmp_path / 'missing'} cannot be read"
    assert public_key == f"AUTH_PUBLIC_KEY_FILE: {tmp_path / 'empty'} is empty"


@pytest.mark.parametrize(
    "pem",
    [
        public_pem(ec.generate_private_key(ec.SECP384R1())),
        public_pem(rsa.generate_private_key(65537, 2048)),
        AUTHORITY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        "-----BEGIN PUBLIC KEY-----\nnonsense",
    ],
    ids=["P-384", "RSA", "private", "nonsense"],
)
def test_the_key_for_tokens_is_a_public_one_for_p256(good: dict[str, str], tmp_path: Path, pem: str) -> None:
    (tmp_path / "other.pem").write_text(pem)
    with pytest.raises(SettingsError, match=r"^AUTH_PUBLIC_KEY_FILE is not a public key for P-256 in PEM$"):
        read_settings(good | {"AUTH_PUBLIC_KEY_FILE": str(tmp_path / "other.pem")})
