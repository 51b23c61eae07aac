"""Exit code 0 while the service answers on its own port, over mutual TLS."""

import ssl
import sys
from pathlib import Path

import httpx

TLS = Path("/run/secrets/tls")


def main() -> int:
    trust = ssl.create_default_context(cafile=TLS / "ca.crt")
    trust.load_cert_chain(TLS / "tls.crt", TLS / "tls.key")
    try:
        answer = httpx.get("https://localhost:8443/healthz", verify=trust, timeout=2)
    except httpx.HTTPError:
        return 1
    return 0 if answer.status_code == 204 else 1


if __name__ == "__main__":
    sys.exit(main())
