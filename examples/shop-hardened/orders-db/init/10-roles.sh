#!/bin/sh
set -eu

# The entrypoint has made the database; the worker may read and add to it, and nothing else.
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/worker_db_password)" --dbname orders <<'SQL'
CREATE ROLE worker LOGIN PASSWORD :'password' CONNECTION LIMIT 20;
REVOKE ALL ON DATABASE orders FROM PUBLIC;
GRANT CONNECT ON DATABASE orders TO worker;
SQL
