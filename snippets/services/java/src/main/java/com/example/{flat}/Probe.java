package com.example.<% flat %>;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** The container's health check: asks the service on this machine, and checks its certificate as callers do. */
public final class Probe {
  private static final int timeoutMillis = 2000;

  private Probe() {}

  public static void main(String[] arguments) {
    try {
      System.exit(isHealthy(System.getenv()) ? 0 : 1);
    } catch (IOException | RuntimeException failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
  }

  static boolean isHealthy(Map<String, String> environment) throws IOException {
    Config.ForProbe config = Config.readForProbe(environment);
    URI address = URI.create("https://localhost:" + config.port() + "/healthz");
    HttpsURLConnection connection = (HttpsURLConnection) address.toURL().openConnection();
    connection.setSSLSocketFactory(Tls.trusting(config.authority()).getSocketFactory());
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    try {
      return connection.getResponseCode() == 200;
    } finally {
      connection.disconnect();
    }
  }
}
