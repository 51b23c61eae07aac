package com.example.<% flat %>;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** For balancers and orchestrators, without a token: these answers say nothing but yes or no. */
@RestController
class HealthApi implements DisposableBean {
  private static final int readyLimitMillis = 1000;

  private final ItemStore store;
<%#broker%>
  private final ItemEvents events;
<%/broker%>
  private final ExecutorService checks = Executors.newFixedThreadPool(2);
  private volatile boolean stopping;

  HealthApi(ItemStore store<%#broker%>, ItemEvents events<%/broker%>) {
    this.store = store;
<%#broker%>
    this.events = events;
<%/broker%>
  }

  @GetMapping("/healthz")
  Map<String, String> health() {
    return Map.of("status", "ok");
  }

  @GetMapping("/readyz")
  Map<String, String> ready() {
    if (stopping) {
      throw new ItemsApi.Unavailable("the service is stopping", null);
    }
    Future<?> check = checks.submit(this::check);
    try {
      check.get(readyLimitMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new ItemsApi.Unavailable("the service is not ready", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ItemsApi.Unavailable("the service is stopping", interrupted);
    } finally {
      check.cancel(true);
    }
    return Map.of("status", "ready");
  }

  private void check() {
    store.check();
<%#broker%>
    events.check();
<%/broker%>
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }

  @Override
  public void destroy() {
    checks.shutdownNow();
  }
}
