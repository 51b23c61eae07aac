package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer   = "https://login.example.com"
	audience = "<% name %>"
)

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func valid() jwt.MapClaims {
	return jwt.MapClaims{
		"iss":   issuer,
		"aud":   audience,
		"exp":   time.Now().Add(time.Minute).Unix(),
		"scope": "other items:read",
	}
}

// with gives valid claims with one changed, or without it where the value is nil.
func with(name string, value any) jwt.MapClaims {
	claims := valid()
	claims[name] = value
	if value == nil {
		delete(claims, name)
	}
	return claims
}

func sign(t *testing.T, method jwt.SigningMethod, claims jwt.Claims, key any) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

func TestRequire(t *testing.T) {
	key := newKey(t)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	written := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	es256, hs256 := jwt.SigningMethodES256, jwt.SigningMethodHS256
	good := sign(t, es256, valid(), key)

	for name, example := range map[string]struct {
		authorization string
		status        int
	}{
		"a good token":         {good, http.StatusOK},
		"several audiences":    {sign(t, es256, with("aud", []string{"other", audience}), key), http.StatusOK},
		"within the leeway":    {sign(t, es256, with("exp", time.Now().Add(-20*time.Second).Unix()), key), http.StatusOK},
		"no token":             {"", http.StatusUnauthorized},
		"another scheme":       {"Basic " + good[len("Bearer "):], http.StatusUnauthorized},
		"no JWT":               {"Bearer nothing", http.StatusUnauthorized},
		"a changed signature":  {good[:len(good)-6] + "AAAAAA", http.StatusUnauthorized},
		"another key":          {sign(t, es256, valid(), newKey(t)), http.StatusUnauthorized},
		"no signature":         {sign(t, jwt.SigningMethodNone, valid(), jwt.UnsafeAllowNoneSignatureType), http.StatusUnauthorized},
		"public key as secret": {sign(t, hs256, valid(), written), http.StatusUnauthorized},
		"expired":              {sign(t, es256, with("exp", time.Now().Add(-40*time.Second).Unix()), key), http.StatusUnauthorized},
		"without end":          {sign(t, es256, with("exp", nil), key), http.StatusUnauthorized},
		"not yet valid":        {sign(t, es256, with("nbf", time.Now().Add(time.Minute).Unix()), key), http.StatusUnauthorized},
		"another audience":     {sign(t, es256, with("aud", "other"), key), http.StatusUnauthorized},
		"no audience":          {sign(t, es256, with("aud", nil), key), http.StatusUnauthorized},
		"another issuer":       {sign(t, es256, with("iss", "https://other.example.com"), key), http.StatusUnauthorized},
		"another scope":        {sign(t, es256, with("scope", "items:readers"), key), http.StatusForbidden},
		"no scope":             {sign(t, es256, with("scope", nil), key), http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			handler := NewVerifier(&key.PublicKey, issuer, audience).
				Require("items:read", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
			request := httptest.NewRequest(http.MethodGet, "/v1/items", nil)
			request.Header.Set("Authorization", example.authorization)
			response := httptest.NewRecorder()
			handler(response, request)

			if response.Code != example.status {
				t.Errorf("status %d, want %d", response.Code, example.status)
			}
			challenged := response.Header().Get("WWW-Authenticate") == "Bearer"
			if challenged != (example.status == http.StatusUnauthorized) {
				t.Errorf("WWW-Authenticate is %q", response.Header().Get("WWW-Authenticate"))
			}
		})
	}
}
