"""Who may do what: bearer tokens."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import jwt
from fastapi import Header, HTTPException

from .settings import Auth

# Makes dependencies of routes: a request gets through with a valid token that grants the scope, else 401 or 403.
Guard = Callable[[str], Callable[..., Awaitable[None]]]


def create_guard(auth: Auth) -> Guard:
    def guard(scope: str) -> Callable[..., Awaitable[None]]:
        async def check(authorization: Annotated[str, Header()] = "") -> None:
            granted = claims_of(authorization, auth).get("scope")
            scopes = granted.split(" ") if isinstance(granted, str) else []
            if scope not in scopes:
                raise HTTPException(403, f"The token does not grant {scope}.")

        return check

    return guard


def claims_of(authorization: str, auth: Auth) -> dict[str, Any]:
    """Why a token is refused is not told: it would help only those who try to make one."""
    scheme, _, token = authorization.partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise jwt.InvalidTokenError("no bearer token")
        return jwt.decode(
            token,
            auth.public_key,
            # We choose the algorithm, not the token: else "none", or an HMAC made with the public key, would pass.
            algorithms=["ES256"],
            # A token of another authority, or for another service, is no token here.
            issuer=auth.issuer,
            audience=auth.audience,
            # A token that never ends can't be taken back.
            options={"require": ["exp", "iss", "aud"]},
            leeway=30,
        )
    except jwt.InvalidTokenError:
        raise HTTPException(401, "A valid token is needed.", {"WWW-Authenticate": "Bearer"}) from None
