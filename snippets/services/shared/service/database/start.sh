<%#postgres%>
#!/bin/sh
# The server takes its key only from a file of its own user that nobody else can read; the mounted one belongs to
# whoever made it.
set -eu

umask 077
cp /run/secrets/tls.key /tmp/tls.key

exec docker-entrypoint.sh postgres \
  -c ssl=on \
  -c ssl_min_protocol_version=TLSv1.2 \
  -c ssl_cert_file=/run/config/tls.crt \
  -c ssl_key_file=/tmp/tls.key \
  -c hba_file=/run/config/pg_hba.conf \
  -c password_encryption=scram-sha-256 \
  -c log_connections=on \
  -c log_disconnections=on \
  -c statement_timeout=30s \
  -c idle_in_transaction_session_timeout=60s
<%/postgres%>
