package com.example.<% flat %>;

import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Everything that the service is told from outside. Environment and secret files are read once, when it starts, and
 * nothing else reads them. No password and no key has a default: what is missing stops the start.
 */
public record Config(
    int port,
    Path tlsCertificate,
    Path tlsKey,
    ECPublicKey authKey,
    String authIssuer,
<%^database%>
<%^broker%>
    String authAudience) {
<%/broker%>
<%#broker%>
    String authAudience,
    Broker broker) {
<%/broker%>
<%/database%>
<%#database%>
    String authAudience,
<%^broker%>
    Database database) {
<%/broker%>
<%#broker%>
    Database database,
    Broker broker) {
<%/broker%>
<%/database%>
<%#database%>

  /** The server that keeps the items, and this service's own account there. */
  public record Database(
      String host, int port,<%#sql%> String name,<%/sql%> String user, String password, Path authority) {
    /** Without the password: a record's own text would put it into logs. */
    @Override
    public String toString() {
      return "Database[" + user + "@" + host + ":" + port + "]";
    }
  }
<%/database%>
<%#broker%>

  /** The server that takes the events, and this service's own account there. */
  public record Broker(String host, int port, String user, String password, Path authority) {
    /** Without the password: a record's own text would put it into logs. */
    @Override
    public String toString() {
      return "Broker[" + user + "@" + host + ":" + port + "]";
    }
  }
<%/broker%>

  /** What the health check has to know. */
  public record ForProbe(int port, Path authority) {}

  /** Names every variable that is wrong, never a content. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1;

    Invalid(List<String> faults) {
      super("configuration: " + String.join("; ", faults));
    }
  }

  public static Config read(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    Config config =
        new Config(
            reader.port("PORT", 8443),
            reader.certificates("TLS_CERT_FILE"),
            reader.file("TLS_KEY_FILE"),
            reader.publicKey("AUTH_PUBLIC_KEY_FILE"),
            reader.text("AUTH_ISSUER"),
            reader.text("AUTH_AUDIENCE")<%#database%>,
            new Database(
                reader.text("DATABASE_HOST"),
                reader.port("DATABASE_PORT", <%#postgres%>5432<%/postgres%><%#mysql%>3306<%/mysql%><%#redis%>6379<%/redis%>),
<%#sql%>
                reader.text("DATABASE_NAME"),
<%/sql%>
                reader.text("DATABASE_USER"),
                reader.content("DATABASE_PASSWORD_FILE"),
                reader.certificates("DATABASE_CA_FILE"))<%/database%><%#broker%>,
            new Broker(
                reader.text("BROKER_HOST"),
                reader.port("BROKER_PORT", <%#kafka%>9092<%/kafka%><%#rabbitmq%>5671<%/rabbitmq%>),
                reader.text("BROKER_USER"),
                reader.content("BROKER_PASSWORD_FILE"),
                reader.certificates("BROKER_CA_FILE"))<%/broker%>);
    reader.failOnFaults();
    return config;
  }

  public static ForProbe readForProbe(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    ForProbe probe = new ForProbe(reader.port("PORT", 8443), reader.certificates("TLS_CA_FILE"));
    reader.failOnFaults();
    return probe;
  }

  /** Notes faults instead of throwing one by one, so that one start shows all of them; values with faults are null. */
  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> faults = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    void failOnFaults() {
      if (!faults.isEmpty()) {
        throw new Invalid(faults);
      }
    }

    String text(String variable) {
      String value = environment.getOrDefault(variable, "");
      if (value.isEmpty()) {
        faults.add(variable + " is not set");
      }
      return value;
    }

    int port(String variable, int fallback) {
      String value = environment.getOrDefault(variable, "");
      if (value.isEmpty()) {
        return fallback;
      }
      if (value.matches("[0-9]{1,5}")) {
        int port = Integer.parseInt(value);
        if (port >= 1 && port <= 65535) {
          return port;
        }
      }
      faults.add(variable + " is no port");
      return fallback;
    }

    Path file(String variable) {
      String value = text(variable);
      if (value.isEmpty()) {
        return null;
      }
      try {
        Path path = Path.of(value).toAbsolutePath();
        if (Files.isRegularFile(path) && Files.isReadable(path)) {
          return path;
        }
      } catch (InvalidPathException invalid) {
        // Told below.
      }
      faults.add(variable + " names no readable file");
      return null;
    }

    /** The text of a file without the line break that editors and `echo` leave behind it. */
    String content(String variable) {
      Path path = file(variable);
      if (path == null) {
        return null;
      }
      try {
        String content = Files.readString(path).replaceFirst("[\r\n]+$", "");
        if (!content.isEmpty()) {
          return content;
        }
        faults.add(variable + " names an empty file");
      } catch (IOException unreadable) {
        faults.add(variable + " names a file that is no text");
      }
      return null;
    }

    Path certificates(String variable) {
      Path path = file(variable);
      if (path == null) {
        return null;
      }
      try {
        if (!PemContent.load(path).getCertificates().isEmpty()) {
          return path;
        }
      } catch (IOException | IllegalStateException | IllegalArgumentException unreadable) {
        // Told below.
      }
      faults.add(variable + " names a file without PEM certificates");
      return null;
    }

    /** Takes P-256 alone, the curve of ES256. */
    ECPublicKey publicKey(String variable) {
      String content = content(variable);
      if (content == null) {
        return null;
      }
      try {
        String body = content.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "");
        byte[] encoded = Base64.getMimeDecoder().decode(body);
        if (KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)) instanceof ECPublicKey key
            && Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
          return key;
        }
      } catch (GeneralSecurityException | IllegalArgumentException wrong) {
        // Told below.
      }
      faults.add(variable + " holds no P-256 public key");
      return null;
    }
  }
}
