package com.example.<% flat %>;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
<%#broker%>
import java.util.UUID;
<%/broker%>
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Routes and their protection, with a store that is made for the test: no network, no database. */
@WebMvcTest(properties = "spring.main.banner-mode=off")
@Import({Security.class, StrictJson.class, ServiceTest.Fakes.class})
class ServiceTest {
  private static final KeyPair pair = Keys.pair("secp256r1");

  /** Keeps items, or fails as a store that is down does. */
  static final class FakeStore implements ItemStore {
    private final List<Item> items = new ArrayList<>();
    private boolean down;

    @Override
    public void check() {
      if (down) {
        throw new IllegalStateException("secret-host refused");
      }
    }

    @Override
    public List<Item> list() {
      check();
      return items;
    }

    @Override
    public void add(Item item) {
      check();
      items.add(item);
    }
  }
<%#broker%>

  /** Notes what is published, or fails as a broker that is down does. */
  static final class FakeEvents implements ItemEvents {
    private final List<UUID> published = new ArrayList<>();
    private boolean down;

    @Override
    public void check() {
      if (down) {
        throw new IllegalStateException("secret-host refused");
      }
    }

    @Override
    public void created(UUID id) {
      check();
      published.add(id);
    }
  }
<%/broker%>

  @TestConfiguration(proxyBeanMethods = false)
  static class Fakes {
    @Bean
    Config config() {
      return Keys.config(pair);
    }

    @Bean
    FakeStore store() {
      return new FakeStore();
    }
<%#broker%>

    @Bean
    FakeEvents events() {
      return new FakeEvents();
    }
<%/broker%>
  }

  @Autowired private MockMvc service;
  @Autowired private FakeStore store;
<%#broker%>
  @Autowired private FakeEvents events;
<%/broker%>

  @BeforeEach
  void startAnew() {
    store.items.clear();
    store.down = false;
<%#broker%>
    events.published.clear();
    events.down = false;
<%/broker%>
  }

  private ResultActions send(MockHttpServletRequestBuilder request, String token) throws Exception {
    return service.perform(request.secure(true).header(HttpHeaders.AUTHORIZATION, "Bearer " + token));
  }

  private static String token(String scope) {
    return Keys.es256(pair, Keys.claims(scope));
  }

  private static MockHttpServletRequestBuilder addition(String body) {
    return post("/v1/items").contentType(MediaType.APPLICATION_JSON).content(body);
  }

  private void assertUnauthorized(String token) throws Exception {
    send(get("/v1/items"), token)
        .andExpect(status().isUnauthorized())
        .andExpect(header().string("WWW-Authenticate", "Bearer"))
        .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON));
  }

  @Test
  void healthNeedsNoToken() throws Exception {
    service
        .perform(get("/healthz").secure(true))
        .andExpect(status().isOk())
        .andExpect(content().string("{\"status\":\"ok\"}"))
        .andExpect(header().string("X-Content-Type-Options", "nosniff"))
        .andExpect(header().string("Cache-Control", containsString("no-store")))
        .andExpect(header().string("Strict-Transport-Security", containsString("max-age=63072000")))
        .andExpect(header().string("Content-Security-Policy", containsString("default-src 'none'")))
        .andExpect(header().doesNotExist("Server"));
  }

  @Test
  void readinessFollowsWhatTheServiceNeeds() throws Exception {
    service.perform(get("/readyz")).andExpect(status().isOk());
    store.down = true;
    service
        .perform(get("/readyz"))
        .andExpect(status().isServiceUnavailable())
        .andExpect(content().string(not(containsString("secret-host"))));
<%#broker%>
    store.down = false;
    events.down = true;
    service.perform(get("/readyz")).andExpect(status().isServiceUnavailable());
<%/broker%>
  }

  @Test
  void itemsAreAddedAndListed() throws Exception {
    send(addition("{\"name\":\"a\"}"), token("items:read items:write"))
        .andExpect(status().isCreated())
        .andExpect(jsonPath("$.name").value("a"));
    send(get("/v1/items"), token("items:read"))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$.items", hasSize(1)))
        .andExpect(jsonPath("$.items[0].id").value(store.items.get(0).id().toString()));
<%#broker%>
    assertThat(events.published).containsExactly(store.items.get(0).id());
<%/broker%>
  }

  @Test
  void withoutTokenNothing() throws Exception {
    service
        .perform(get("/v1/items"))
        .andExpect(status().isUnauthorized())
        .andExpect(header().string("WWW-Authenticate", "Bearer"));
    service.perform(addition("{\"name\":\"a\"}")).andExpect(status().isUnauthorized());
    assertThat(store.items).isEmpty();
  }

  @Test
  void otherTokensAreRefused() throws Exception {
    Instant now = Instant.now();
    JWTClaimsSet.Builder valid = Keys.claims("items:read");
    assertUnauthorized("nothing");
    assertUnauthorized(Keys.es256(Keys.pair("secp256r1"), valid));
    assertUnauthorized(new PlainJWT(valid.build()).serialize());
    assertUnauthorized(signedWithThePublicKey(valid));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").expirationTime(Date.from(now.minusSeconds(40)))));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").expirationTime(null)));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").notBeforeTime(Date.from(now.plusSeconds(60)))));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").audience("other")));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").audience((String) null)));
    assertUnauthorized(Keys.es256(pair, Keys.claims("items:read").issuer("https://other.example.com")));
    String good = token("items:read");
    assertUnauthorized(good.substring(0, good.length() - 6) + "AAAAAA");
  }

  private static String signedWithThePublicKey(JWTClaimsSet.Builder claims) throws JOSEException {
    return Keys.sign(JWSAlgorithm.HS256, new MACSigner(Keys.pem(pair)), claims);
  }

  @Test
  void withinTheLeewayATokenIsGood() throws Exception {
    Date past = Date.from(Instant.now().minusSeconds(20));
    send(get("/v1/items"), Keys.es256(pair, Keys.claims("items:read").expirationTime(past))).andExpect(status().isOk());
  }

  @Test
  void scopesSayWhatATokenMayDo() throws Exception {
    send(get("/v1/items"), token("items:write")).andExpect(status().isForbidden());
    send(get("/v1/items"), token("items:readers")).andExpect(status().isForbidden());
    send(addition("{\"name\":\"a\"}"), token("items:read"))
        .andExpect(status().isForbidden())
        .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON));
    send(get("/v1/items"), Keys.es256(pair, Keys.claims("a").claim("scope", null))).andExpect(status().isForbidden());
  }

  @Test
  void whatIsNotNamedIsDenied() throws Exception {
    send(get("/actuator/env"), token("items:read items:write")).andExpect(status().isForbidden());
    send(delete("/v1/items"), token("items:read items:write")).andExpect(status().isForbidden());
  }

  @Test
  void otherBodiesAreRefused() throws Exception {
    String write = token("items:write");
    for (String body :
        List.of(
            "",
            "[]",
            "{}",
            "{\"name\":\"\"}",
            "{\"name\":1}",
            "{\"name\":null}",
            "{\"name\":\"a\",\"role\":\"b\"}",
            "{\"name\":\"a\"}{}",
            "{\"name\":\"" + "é".repeat(101) + "\"}")) {
      send(addition(body), write)
          .andExpect(status().isBadRequest())
          .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON));
    }
    send(addition("{\"name\":\"" + "é".repeat(100) + "\"}"), write).andExpect(status().isCreated());
    send(addition("{\"name\":\"" + "a".repeat(BodyLimit.LARGEST) + "\"}"), write)
        .andExpect(status().isContentTooLarge());
    send(post("/v1/items").contentType(MediaType.APPLICATION_FORM_URLENCODED).content("name=a"), write)
        .andExpect(status().isUnsupportedMediaType());
  }

  @Test
  void whatIsDownIsToldWithoutDetails() throws Exception {
    store.down = true;
    send(get("/v1/items"), token("items:read"))
        .andExpect(status().isServiceUnavailable())
        .andExpect(content().string(not(containsString("secret-host"))));
    send(addition("{\"name\":\"a\"}"), token("items:write")).andExpect(status().isServiceUnavailable());
<%#broker%>
    store.down = false;
    events.down = true;
    send(addition("{\"name\":\"a\"}"), token("items:write")).andExpect(status().isServiceUnavailable());
<%/broker%>
  }
}
