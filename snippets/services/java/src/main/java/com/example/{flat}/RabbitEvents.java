<%#rabbitmq%>
package com.example.<% flat %>;

import com.rabbitmq.client.ConnectionFactory;
import java.util.UUID;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Publishes to the topic exchange `items`. */
@Component
class RabbitEvents implements ItemEvents, DisposableBean {
  private static final int timeoutMillis = 2000;

  private final CachingConnectionFactory connections;
  private final RabbitTemplate broker;
  private final JsonMapper json;

  RabbitEvents(Config config, JsonMapper json) {
    this.json = json;
    connections = new CachingConnectionFactory(connections(config.broker()));
    connections.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.SIMPLE);
    connections.setCloseTimeout(timeoutMillis / 4);
    broker = new RabbitTemplate(connections);
    RabbitAdmin admin = new RabbitAdmin(broker);
    connections.addConnectionListener(connection -> admin.declareExchange(new TopicExchange(TOPIC)));
  }

  private static ConnectionFactory connections(Config.Broker server) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(server.host());
    factory.setPort(server.port());
    factory.setUsername(server.user());
    factory.setPassword(server.password());
    // The server's certificate must come from our authority and carry its name.
    factory.useSslProtocol(Tls.trusting(server.authority()));
    factory.enableHostnameVerification();
    // Each of the addresses that a name has is tried.
    factory.setConnectionTimeout(timeoutMillis / 2);
    factory.setHandshakeTimeout(timeoutMillis / 2);
    factory.setChannelRpcTimeout(timeoutMillis);
    factory.setRequestedHeartbeat(5);
    factory.setAutomaticRecoveryEnabled(false);
    return factory;
  }

  @Override
  public void check() {
    broker.execute(channel -> channel.isOpen());
  }

  @Override
  public void created(UUID id) {
    Message event =
        MessageBuilder.withBody(json.writeValueAsBytes(new Created(id)))
            .setContentType(MessageProperties.CONTENT_TYPE_JSON)
            .build();
    broker.invoke(
        channel -> {
          channel.send(TOPIC, "item.created", event);
          channel.waitForConfirmsOrDie(timeoutMillis);
          return null;
        });
  }

  @Override
  public void destroy() {
    connections.destroy();
  }
}
<%/rabbitmq%>
