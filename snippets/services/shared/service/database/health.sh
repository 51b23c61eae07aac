<%#redis%>
#!/bin/sh
# Asks as a user who may do nothing but PING.
REDISCLI_AUTH="$(cat /run/secrets/health-password)"
export REDISCLI_AUTH
test "$(redis-cli --tls --cacert /run/config/ca.crt --user health -h localhost -p 6379 ping)" = PONG
<%/redis%>
