"""The service with fakes for what is behind it, and tokens for it."""

import time
from collections.abc import Sequence
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.testclient import TestClient

from <% snake %>.app import create_app
from <% snake %>.auth import create_guard
<%#broker%>
from <% snake %>.events import ItemEvent
<%/broker%>
from <% snake %>.items import Item
from <% snake %>.settings import Auth

ISSUER = "https://issuer.test"
AUDIENCE = "<% name %>"


def public_pem(key: Any) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(encoding, form).decode().strip())


AUTHORITY = ec.generate_private_key(ec.SECP256R1())
AUTH = Auth(public_key=public_pem(AUTHORITY), issuer=ISSUER, audience=AUDIENCE)


def good_claims(**other: Any) -> dict[str, Any]:
    """Claims that get everywhere; None takes one away."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": int(time.time()) + 60,
        "scope": "items:read items:write",
    } | other
    return {name: value for name, value in claims.items() if value is not None}


def bearer(key: ec.EllipticCurvePrivateKey = AUTHORITY, **other: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {jwt.encode(good_claims(**other), key, algorithm='ES256')}"}


class FakeItems:
    def __init__(self) -> None:
        self.kept: list[Item] = []

    async def list(self) -> Sequence[Item]:
        return self.kept

    async def add(self, item: Item) -> None:
        self.kept.append(item)

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


class BrokenItems(FakeItems):
    async def list(self) -> Sequence[Item]:
        raise OSError("connection refused")

    async def check(self) -> None:
        raise OSError("connection refused")
<%#broker%>


class FakeEvents:
    def __init__(self) -> None:
        self.published: list[ItemEvent] = []

    async def publish(self, event: ItemEvent) -> None:
        self.published.append(event)

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


class BrokenEvents(FakeEvents):
    async def publish(self, event: ItemEvent) -> None:
        raise OSError("connection refused")

    async def check(self) -> None:
        raise OSError("connection refused")
<%/broker%>


def client(
    items: FakeItems | None = None,
<%#broker%>
    events: FakeEvents | None = None,
<%/broker%>
    stopping: bool = False,
) -> TestClient:
    app = create_app(
        create_guard(AUTH),
        items or FakeItems(),
<%#broker%>
        events or FakeEvents(),
<%/broker%>
        lambda: stopping,
    )
    return TestClient(app, base_url="https://<% name %>.test")
