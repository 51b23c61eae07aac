package com.example.<% flat %>;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** Serves items over HTTPS. */
@SpringBootApplication
public class Application {
  private static final Logger log = LoggerFactory.getLogger(Application.class);
  private static final Duration stopLimit = Duration.ofMillis(1300);

  public static void main(String[] arguments) {
    Config config;
    try {
      config = Config.read(System.getenv());
    } catch (Config.Invalid invalid) {
      System.out.println(errorLine(invalid.getMessage()));
      System.exit(1);
      return;
    }
    stopOnSignal(start(config));
    log.atInfo().addKeyValue("port", config.port()).log("listening");
  }

  private static ConfigurableApplicationContext start(Config config) {
    Map<String, Object> properties =
        Map.of(
            "server.port", config.port(),
            "server.ssl.certificate", config.tlsCertificate().toUri().toString(),
            "server.ssl.certificate-private-key", config.tlsKey().toUri().toString());
    SpringApplication application = new SpringApplication(Application.class);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context -> {
          // First, so that no variable of the environment (SERVER_SSL_…) takes their place.
          context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("config", properties));
          context.getBeanFactory().registerSingleton("config", config);
        });
    return application.run();
  }

  /** A JVM that gets SIGTERM ends with 143 and as late as its slowest hook: this one ends in time, with 0. */
  private static void stopOnSignal(ConfigurableApplicationContext context) {
    Thread closing = new Thread(context::close, "closing");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.info("stopping");
                  closing.start();
                  try {
                    closing.join(stopLimit.toMillis());
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  log.info("stopped");
                  Runtime.getRuntime().halt(0);
                },
                "stopping"));
  }

  /** What a log line looks like before there is a log. */
  private static String errorLine(String message) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("time", Instant.now().toString());
    line.put("level", "ERROR");
    line.put("message", message);
    line.put("service", "<% name %>");
    return JsonMapper.shared().writeValueAsString(line);
  }
}
