"""Exit code 0 while the service answers on its own port: `python -m <% snake %>.probe`."""

import http.client
import os
import sys
from pathlib import Path

from .tls import client_context


def main() -> int:
    try:
        # The certificate is checked here as everywhere.
        trust = client_context(Path(os.environ["TLS_CA_FILE"]))
        port = int(os.environ.get("PORT", "8443"))
        connection = http.client.HTTPSConnection("localhost", port, timeout=2, context=trust)
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == 200 else 1
    except (KeyError, ValueError, OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
