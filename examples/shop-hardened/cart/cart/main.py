"""The carts of the shop: who may change which one is decided by the gateway's X-Shop-Cart header."""

import os
import ssl
from pathlib import Path
from typing import Annotated

import httpx
import redis
from fastapi import FastAPI, Header, HTTPException
from fastapi import Path as PathParameter

TLS = Path("/run/secrets/tls")
SECONDS_TO_LIVE = 7 * 24 * 3600

app = FastAPI(title="cart", docs_url=None, redoc_url=None, openapi_url=None)
carts = redis.Redis(
    host=os.environ["REDIS_HOST"],
    username="cart",
    password=Path("/run/secrets/redis_password").read_text().strip(),
    ssl=True,
    ssl_ca_certs=str(TLS / "ca.crt"),
    decode_responses=True,
    socket_timeout=2,
)

trust = ssl.create_default_context(cafile=TLS / "ca.crt")
trust.load_cert_chain(TLS / "tls.crt", TLS / "tls.key")
payment = httpx.Client(base_url=os.environ["PAYMENT_URL"], verify=trust, timeout=5)

Cart = Annotated[str, Header(alias="X-Shop-Cart", pattern=r"^[0-9a-f-]{36}$")]
Item = Annotated[str, PathParameter(pattern=r"^[a-z0-9-]{1,40}$")]


@app.get("/healthz", status_code=204)
def healthz() -> None:
    return None


@app.get("/items")
def items(cart: Cart) -> dict[str, str]:
    return carts.hgetall(f"cart:{cart}")


@app.put("/items/{item}", status_code=204)
def add(item: Item, cart: Cart) -> None:
    carts.hincrby(f"cart:{cart}", item, 1)
    carts.expire(f"cart:{cart}", SECONDS_TO_LIVE)


@app.post("/checkout", status_code=202)
def checkout(cart: Cart) -> dict[str, str]:
    found = carts.hgetall(f"cart:{cart}")
    if not found:
        raise HTTPException(status_code=409, detail="the cart is empty")
    answer = payment.post("/charges", json={"cart": cart, "items": found})
    if answer.status_code != 201:
        raise HTTPException(status_code=502, detail="the payment was refused")
    carts.delete(f"cart:{cart}")
    return {"order": answer.json()["order"]}
