<%#sql%>
package com.example.<% flat %>;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
<%#mysql%>
import java.time.LocalDateTime;
<%/mysql%>
<%#postgres%>
import java.time.OffsetDateTime;
<%/postgres%>
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps items in the table `items`. Values go to the database apart from the statement: no name can become SQL. */
@Component
class SqlItems implements ItemStore, DisposableBean {
  private static final int timeoutSeconds = 2;

  private final HikariDataSource pool;
  private final JdbcClient database;

  SqlItems(Config config) {
    pool = new HikariDataSource(settings(config.database()));
    JdbcTemplate template = new JdbcTemplate(pool);
    template.setQueryTimeout(timeoutSeconds);
    database = JdbcClient.create(template);
  }

  private static HikariConfig settings(Config.Database server) {
    HikariConfig settings = new HikariConfig();
<%#postgres%>
    settings.setJdbcUrl("jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.name()));
    // The server's certificate must come from our authority and carry its name; in plain text nothing is ever sent.
    settings.addDataSourceProperty("sslmode", "verify-full");
    settings.addDataSourceProperty("sslrootcert", server.authority().toString());
    settings.addDataSourceProperty("connectTimeout", timeoutSeconds);
    settings.addDataSourceProperty("socketTimeout", 2 * timeoutSeconds);
    settings.addDataSourceProperty("ApplicationName", "<% name %>");
<%/postgres%>
<%#mysql%>
    settings.setJdbcUrl("jdbc:mariadb://%s:%d/%s".formatted(server.host(), server.port(), server.name()));
    // The server's certificate must come from our authority and carry its name; in plain text nothing is ever sent.
    settings.addDataSourceProperty("sslMode", "verify-full");
    settings.addDataSourceProperty("serverSslCert", server.authority().toString());
    settings.addDataSourceProperty("connectTimeout", 1000 * timeoutSeconds);
    settings.addDataSourceProperty("socketTimeout", 2000 * timeoutSeconds);
<%/mysql%>
    settings.setUsername(server.user());
    settings.setPassword(server.password());
    // A small pool leaves connections for the other services of the database.
    settings.setMaximumPoolSize(5);
    settings.setMinimumIdle(0);
    settings.setConnectionTimeout(1000 * timeoutSeconds);
    settings.setValidationTimeout(1000);
    // The service starts before its database does.
    settings.setInitializationFailTimeout(-1);
    return settings;
  }

  @Override
  public void check() {
    database.sql("SELECT 1").query(Integer.class).single();
  }

  @Override
  public List<Item> list() {
    return database
        .sql("SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT ?")
        .param(LIMIT)
        .query((row, number) -> item(row))
        .list();
  }

  @Override
  public void add(Item item) {
    database
        .sql("INSERT INTO items (id, name, created_at) VALUES (?, ?, ?)")
<%#postgres%>
        .params(item.id(), item.name(), item.createdAt().atOffset(ZoneOffset.UTC))
<%/postgres%>
<%#mysql%>
        .params(item.id().toString(), item.name(), LocalDateTime.ofInstant(item.createdAt(), ZoneOffset.UTC))
<%/mysql%>
        .update();
  }

  private static Item item(ResultSet row) throws SQLException {
<%#postgres%>
    return new Item(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
<%/postgres%>
<%#mysql%>
    return new Item(
        UUID.fromString(row.getString("id")),
        row.getString("name"),
        row.getObject("created_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
<%/mysql%>
  }

  @Override
  public void destroy() {
    pool.close();
  }
}
<%/sql%>
