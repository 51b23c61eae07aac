"""They need no network, no database and no broker."""
