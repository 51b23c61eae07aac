import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from .parts import AUTH, bearer, client, good_claims


def status_for(headers: dict[str, str]) -> int:
    response = client().get("/v1/items", headers=headers)
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.headers["Content-Type"] == "application/problem+json"
    return int(response.status_code)


def test_a_good_token_gets_through() -> None:
    assert status_for(bearer()) == 200


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer a.b.c", "Basic YTpi"])
def test_without_a_token_nobody_gets_through(authorization: str | None) -> None:
    assert status_for({} if authorization is None else {"Authorization": authorization}) == 401


def test_a_token_signed_by_another_key_is_refused() -> None:
    assert status_for(bearer(ec.generate_private_key(ec.SECP256R1()))) == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nbf": int(time.time()) + 60},
        {"aud": "another-service"},
        {"aud": None},
        {"iss": "https://another-issuer.test"},
        {"iss": None},
    ],
)
def test_claims_are_checked(claims: dict[str, Any]) -> None:
    assert status_for(bearer(**claims)) == 401


def test_clocks_may_differ_by_30_seconds() -> None:
    assert status_for(bearer(exp=int(time.time()) - 20)) == 200


def test_a_token_cannot_choose_no_algorithm() -> None:
    token = jwt.encode(good_claims(), "", algorithm="none")
    assert status_for({"Authorization": f"Bearer {token}"}) == 401


def test_a_token_cannot_choose_hmac_with_the_public_key() -> None:
    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    signed = f"{part(json.dumps({'alg': 'HS256'}).encode())}.{part(json.dumps(good_claims()).encode())}"
    signature = hmac.new(AUTH.public_key.encode(), signed.encode(), hashlib.sha256).digest()
    assert status_for({"Authorization": f"Bearer {signed}.{part(signature)}"}) == 401


@pytest.mark.parametrize("scope", [None, "", "items:write", "items:reader", ["items:read"]])
def test_a_token_without_the_scope_is_forbidden(scope: object) -> None:
    assert status_for(bearer(scope=scope)) == 403
