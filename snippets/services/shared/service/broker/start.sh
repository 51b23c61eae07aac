<%#kafka%>
#!/bin/sh
# Makes storage and account at the first start, the topic and the service's rights beside the server that starts.
set -eu

bin=/opt/kafka/bin
server=/run/config/server.properties
admin="--bootstrap-server localhost:9094 --command-config /run/config/health.properties"

# Logs go to the container's output, and nowhere else.
export KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/opt/kafka/config/tools-log4j2.yaml
export EXTRA_ARGS="-name kafkaServer"

if [ ! -f /var/lib/kafka/data/meta.properties ]; then
  "$bin/kafka-storage.sh" format --config "$server" --cluster-id "$("$bin/kafka-storage.sh" random-uuid)" \
    --add-scram "SCRAM-SHA-512=[name=<% snake %>,password=$(cat /run/secrets/broker-password)]"
fi

(
  # The server needs the memory.
  export KAFKA_HEAP_OPTS=-Xmx96m
  # shellcheck disable=SC2086 # two options in one variable
  until "$bin/kafka-topics.sh" $admin --create --if-not-exists --topic items; do sleep 2; done
  # shellcheck disable=SC2086
  "$bin/kafka-acls.sh" $admin --add --allow-principal "User:<% snake %>" --producer --topic items
) &

exec "$bin/kafka-server-start.sh" "$server"
<%/kafka%>
