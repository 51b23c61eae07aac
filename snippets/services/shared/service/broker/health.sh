<%#kafka%>
#!/bin/sh
# The topic is there: the server answers, and its set-up is done.
export KAFKA_HEAP_OPTS=-Xmx96m
exec /opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9094 \
  --command-config /run/config/health.properties --describe --topic items
<%/kafka%>
