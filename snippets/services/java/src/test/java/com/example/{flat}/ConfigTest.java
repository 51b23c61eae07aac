package com.example.<% flat %>;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir private Path folder;
  private Map<String, String> environment;

  private String write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @BeforeEach
  void complete() throws IOException {
    environment = new HashMap<>();
    environment.put("TLS_CERT_FILE", write("tls.crt", Keys.AUTHORITY));
    environment.put("TLS_KEY_FILE", write("tls.key", "read by Tomcat"));
    environment.put("AUTH_PUBLIC_KEY_FILE", write("auth.pem", Keys.pem(Keys.pair("secp256r1"))));
    environment.put("AUTH_ISSUER", Keys.ISSUER);
    environment.put("AUTH_AUDIENCE", Keys.AUDIENCE);
<%#database%>
    environment.put("DATABASE_HOST", "database");
<%#sql%>
    environment.put("DATABASE_NAME", "items");
<%/sql%>
    environment.put("DATABASE_USER", "<% snake %>");
    environment.put("DATABASE_PASSWORD_FILE", write("database-password", "made for the test\n"));
    environment.put("DATABASE_CA_FILE", write("database-ca.crt", Keys.AUTHORITY));
<%/database%>
<%#broker%>
    environment.put("BROKER_HOST", "broker");
    environment.put("BROKER_USER", "<% snake %>");
    environment.put("BROKER_PASSWORD_FILE", write("broker-password", "made for the test\n"));
    environment.put("BROKER_CA_FILE", write("broker-ca.crt", Keys.AUTHORITY));
<%/broker%>
  }

  private void assertRefused(Map<String, String> wrong, String fault) {
    assertThatThrownBy(() -> Config.read(wrong)).isInstanceOf(Config.Invalid.class).hasMessageContaining(fault);
  }

  @Test
  void readsAll() {
    Config config = Config.read(environment);
    assertThat(config.port()).isEqualTo(8443);
    assertThat(config.authIssuer()).isEqualTo(Keys.ISSUER);
<%#database%>
    assertThat(config.database().password()).isEqualTo("made for the test");
<%/database%>
<%#broker%>
    assertThat(config.broker().password()).isEqualTo("made for the test");
<%/broker%>
    assertThat(config.toString()).doesNotContain("made for the test");
  }

  @Test
  void needsEveryVariable() {
    for (String variable : Set.copyOf(environment.keySet())) {
      Map<String, String> lacking = new HashMap<>(environment);
      lacking.remove(variable);
      assertRefused(lacking, variable + " is not set");
    }
  }

  @Test
  void tellsAllFaultsTogether() {
    assertRefused(Map.of("PORT", "0"), "PORT is no port; TLS_CERT_FILE is not set; TLS_KEY_FILE is not set");
  }

  @Test
  void refusesFilesOfAnotherKind() throws IOException {
    for (String variable : Set.copyOf(environment.keySet())) {
      if (variable.endsWith("_CA_FILE") || variable.equals("TLS_CERT_FILE") || variable.equals("AUTH_PUBLIC_KEY_FILE")) {
        Map<String, String> wrong = new HashMap<>(environment);
        wrong.put(variable, write("wrong", "nothing"));
        assertRefused(wrong, variable);
      }
      if (variable.endsWith("_PASSWORD_FILE")) {
        Map<String, String> wrong = new HashMap<>(environment);
        wrong.put(variable, write("empty", "\n"));
        assertRefused(wrong, variable + " names an empty file");
      }
    }
  }

  @Test
  void refusesOtherCurves() throws IOException {
    environment.put("AUTH_PUBLIC_KEY_FILE", write("auth.pem", Keys.pem(Keys.pair("secp384r1"))));
    assertRefused(environment, "AUTH_PUBLIC_KEY_FILE holds no P-256 public key");
  }

  @Test
  void readsWhatTheProbeNeeds() throws IOException {
    assertThatThrownBy(() -> Config.readForProbe(environment)).hasMessageContaining("TLS_CA_FILE");
    environment.put("TLS_CA_FILE", write("ca.crt", Keys.AUTHORITY));
    environment.put("PORT", "9443");
    assertThat(Config.readForProbe(environment).port()).isEqualTo(9443);
  }
}
