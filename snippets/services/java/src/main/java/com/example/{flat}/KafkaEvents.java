<%#kafka%>
package com.example.<% flat %>;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Publishes to the topic `items`, which must be there: a service's account makes no topics. */
@Component
class KafkaEvents implements ItemEvents, DisposableBean {
  private static final int timeoutMillis = 2000;

  private final DefaultKafkaProducerFactory<String, String> producers;
  private final KafkaTemplate<String, String> broker;
  private final Admin admin;
  private final JsonMapper json;

  KafkaEvents(Config config, JsonMapper json) {
    this.json = json;
    Map<String, Object> login = login(config.broker());
    Map<String, Object> sending = new HashMap<>(login);
    sending.put(ProducerConfig.ACKS_CONFIG, "all");
    sending.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
    sending.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
    sending.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producers = new DefaultKafkaProducerFactory<>(sending, new StringSerializer(), new StringSerializer());
    producers.setPhysicalCloseTimeout(1);
    broker = new KafkaTemplate<>(producers);
    // By default a failure is logged with the message's content.
    broker.setProducerListener(new ProducerListener<>() {});
    admin = Admin.create(login);
  }

  private static Map<String, Object> login(Config.Broker server) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, server.host() + ":" + server.port());
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
    settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, (long) timeoutMillis);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
    // Every broker's certificate must come from our authority and carry that broker's name.
    settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
    settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
    settings.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, server.authority().toString());
    settings.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
    // With SCRAM the password itself never goes over the wire.
    settings.put(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512");
    settings.put(
        SaslConfigs.SASL_JAAS_CONFIG,
        "%s required username=\"%s\" password=\"%s\";"
            .formatted(ScramLoginModule.class.getName(), quoted(server.user()), quoted(server.password())));
    return settings;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  @Override
  public void check() {
    KafkaFuture<String> cluster = admin.describeCluster().clusterId();
    try {
      cluster.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the broker does not answer", failure);
    }
  }

  @Override
  public void created(UUID id) {
    String event = json.writeValueAsString(new Created(id));
    try {
      broker.send(TOPIC, id.toString(), event).get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the broker did not take the event", failure);
    }
  }

  @Override
  public void destroy() {
    admin.close(Duration.ofMillis(100));
    producers.destroy();
  }
}
<%/kafka%>
