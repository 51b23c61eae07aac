package com.example.<% flat %>;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import org.springframework.security.web.SecurityFilterChain;

/** Who may call what: bearer tokens, signed by the one key that the service is given. */
@Configuration(proxyBeanMethods = false)
class Security {
  private static final Duration leeway = Duration.ofSeconds(30);
  private static final Duration twoYears = Duration.ofDays(730);

  /** A route that is not named here is denied: nobody can forget to protect a new one. */
  @Bean
  SecurityFilterChain routes(HttpSecurity http, JwtAuthenticationConverter converter) throws Exception {
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/healthz", "/readyz")
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/v1/items")
                    .hasAuthority("SCOPE_items:read")
                    .requestMatchers(HttpMethod.POST, "/v1/items")
                    .hasAuthority("SCOPE_items:write")
                    .anyRequest()
                    .denyAll())
        .oauth2ResourceServer(
            server ->
                server
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(converter))
                    // Why a token was refused is not told: the reason would help who forges one.
                    .authenticationEntryPoint(
                        (request, response, refused) -> {
                          response.setHeader("WWW-Authenticate", "Bearer");
                          Problems.write(response, HttpStatus.UNAUTHORIZED, "A valid bearer token is needed.");
                        })
                    .accessDeniedHandler(
                        (request, response, denied) ->
                            Problems.write(response, HttpStatus.FORBIDDEN, "The token does not allow this.")))
        .exceptionHandling(
            handling ->
                handling.accessDeniedHandler(
                    (request, response, denied) ->
                        Problems.write(response, HttpStatus.FORBIDDEN, "The token does not allow this.")))
        .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        // No browser sends a bearer token by itself, so another site cannot use one.
        .csrf(AbstractHttpConfigurer::disable)
        // What browsers and caches must not do with an answer, beside Spring's own headers (nosniff, no-store).
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(
                        policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'"))
                    .httpStrictTransportSecurity(hsts -> hsts.maxAgeInSeconds(twoYears.toSeconds())))
        .build();
  }

  /**
   * Takes ES256 alone, whatever a token's header asks for (`none`, or HS256 with the public key as its secret), and
   * only tokens that somebody we know made for us and that end some day.
   */
  @Bean
  JwtDecoder tokens(Config config) {
    ECKey key = new ECKey.Builder(Curve.P_256, config.authKey()).build();
    DefaultJWTProcessor<com.nimbusds.jose.proc.SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(new JWKSet(key))));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    // The claims are checked below, with our own leeway.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
    JwtTimestampValidator times = new JwtTimestampValidator(leeway);
    times.setAllowEmptyExpiryClaim(false);
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            times,
            new JwtIssuerValidator(config.authIssuer()),
            new JwtClaimValidator<List<String>>(
                JwtClaimNames.AUD, audience -> audience != null && audience.contains(config.authAudience()))));
    return decoder;
  }

  @Bean
  JwtAuthenticationConverter scopes() {
    JwtGrantedAuthoritiesConverter scopes = new JwtGrantedAuthoritiesConverter();
    scopes.setAuthoritiesClaimName("scope");
    JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
    converter.setJwtGrantedAuthoritiesConverter(scopes);
    return converter;
  }
}
