#!/bin/sh
# Asks as the user `health`, who may do nothing but PING.
REDISCLI_AUTH="$(cat /run/secrets/redis_health_password)"
export REDISCLI_AUTH
exec redis-cli --tls --cacert /run/secrets/tls/ca.crt --user health -p 6380 ping
