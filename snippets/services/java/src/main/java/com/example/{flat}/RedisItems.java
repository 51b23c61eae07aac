<%#redis%>
package com.example.<% flat %>;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the newest items in one list; the service's account needs no other key. */
@Component
class RedisItems implements ItemStore, DisposableBean {
  private static final String KEY = "items";
  private static final Duration timeout = Duration.ofSeconds(2);

  private final LettuceConnectionFactory connections;
  private final StringRedisTemplate database;
  private final JsonMapper json;

  RedisItems(Config config, JsonMapper json) {
    this.json = json;
    connections = connections(config.database());
    connections.afterPropertiesSet();
    connections.start();
    database = new StringRedisTemplate(connections);
  }

  private static LettuceConnectionFactory connections(Config.Database server) {
    RedisStandaloneConfiguration account = new RedisStandaloneConfiguration(server.host(), server.port());
    account.setUsername(server.user());
    account.setPassword(server.password());
    ClientOptions options =
        ClientOptions.builder()
            // Our own authority alone; that the certificate carries the server's name is checked by default.
            .sslOptions(SslOptions.builder().trustManager(server.authority().toFile()).build())
            .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
            // While the database is down commands fail at once instead of piling up.
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .build();
    return new LettuceConnectionFactory(
        account,
        LettuceClientConfiguration.builder().commandTimeout(timeout).clientOptions(options).useSsl().build());
  }

  @Override
  public void check() {
    database.execute(connection -> connection.commands().ping(), true);
  }

  @Override
  public List<Item> list() {
    return database.opsForList().range(KEY, 0, LIMIT - 1).stream()
        .map(text -> json.readValue(text, Item.class))
        .toList();
  }

  /** Drops the oldest items where the list is full: callers cannot fill the database's memory. */
  @Override
  public void add(Item item) {
    database.opsForList().leftPush(KEY, json.writeValueAsString(item));
    database.opsForList().trim(KEY, 0, LIMIT - 1);
  }

  @Override
  public void destroy() {
    connections.destroy();
  }
}
<%/redis%>
