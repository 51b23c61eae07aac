package com.example.<% flat %>;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Keys and tokens, made anew for each run. */
final class Keys {
  static final String ISSUER = "https://login.example.com";
  static final String AUDIENCE = "<% name %>";

  /** A certificate without a key: enough to be read as an authority. */
  static final String AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBhjCCAS2gAwIBAgIUFRBZY801eurrHoLOs1cNgeDwIJgwCgYIKoZIzj0EAwIw
      GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwHhcNMjYxMTIyMDYzNjE1WhcNMzYx
      MTE5MDYzNjE1WjAZMRcwFQYDVQQDDA50ZXN0IGF1dGhvcml0eTBZMBMGByqGSM49
      AgEGCCqGSM49AwEHA0IABLuaqGNDaTVBiIH1VnNVjwMv6yuw8d3M2dvgVOuAtK5C
      neKRMux0ZTLZrjedIf5P0TBA97e3HcM777yOdOGeAAejUzBRMB0GA1UdDgQWBBRN
      fxDN9LpSs3fiihFsWkIW8WWZPDAfBgNVHSMEGDAWgBRNfxDN9LpSs3fiihFsWkIW
      8WWZPDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHAGsQdW4caP
      LVprq7WSgxMT58VpuYl9GieMvbYcxIV+AiAV7yWNUA4equiMnnuoCUUZKCcC3fjY
      bVqKME8tz/9reQ==
      -----END CERTIFICATE-----
      """;

  private Keys() {}

  static KeyPair pair(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String pem(KeyPair pair) {
    String body = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
  }

  static Config config(KeyPair pair) {
    Path none = Path.of("/nowhere");
    return new Config(
        8443,
        none,
        none,
        (ECPublicKey) pair.getPublic(),
        ISSUER,
        AUDIENCE<%#database%>,
        new Config.Database("database", 1,<%#sql%> "items",<%/sql%> "<% snake %>", "made for the test", none)<%/database%><%#broker%>,
        new Config.Broker("broker", 1, "<% snake %>", "made for the test", none)<%/broker%>);
  }

  /** Valid claims for a minute. */
  static JWTClaimsSet.Builder claims(String scope) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
        .claim("scope", scope);
  }

  static String es256(KeyPair pair, JWTClaimsSet.Builder claims) {
    try {
      return sign(JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) pair.getPrivate()), claims);
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String sign(JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.build());
    token.sign(signer);
    return token.serialize();
  }
}
