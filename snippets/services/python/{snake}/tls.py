"""What is asked of every encrypted connection."""

import ssl
from pathlib import Path


def server_context(certificate_file: Path, key_file: Path) -> ssl.SSLContext:
    """Raises ssl.SSLError where certificate and key don't belong together."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate_file, key_file)
    return context


def client_context(ca_file: Path) -> ssl.SSLContext:
    """Trusts this authority only, and checks certificate and host name.

    TLS to somebody else would hand over passwords and data.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
