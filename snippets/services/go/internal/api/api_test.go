package api

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"example.com/<% name %>/internal/auth"
	"example.com/<% name %>/internal/items"
)

const (
	issuer   = "https://login.example.com"
	audience = "<% name %>"
)

// fakeStore keeps items, or fails as a store that is down does.
type fakeStore struct {
	listed []items.Item
	err    error
}

func (f *fakeStore) Ready(context.Context) error { return f.err }

func (f *fakeStore) List(context.Context) ([]items.Item, error) { return f.listed, f.err }

func (f *fakeStore) Add(_ context.Context, item items.Item) error {
	f.listed = append(f.listed, item)
	return f.err
}
<%#broker%>

// fakeEvents notes what is published, or fails as a broker that is down does.
type fakeEvents struct {
	created []string
	err     error
}

func (f *fakeEvents) Ready(context.Context) error { return f.err }

func (f *fakeEvents) Created(_ context.Context, id string) error {
	f.created = append(f.created, id)
	return f.err
}
<%/broker%>

type fixture struct {
	api     *API
	handler http.Handler
	store   *fakeStore
<%#broker%>
	events  *fakeEvents
<%/broker%>
	key     *ecdsa.PrivateKey
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	store := &fakeStore{listed: []items.Item{}}
<%#broker%>
	events := &fakeEvents{}
<%/broker%>
	api := New(auth.NewVerifier(&key.PublicKey, issuer, audience), store<%#broker%>, events<%/broker%>)
	return &fixture{api: api, handler: api.Handler(), store: store<%#broker%>, events: events<%/broker%>, key: key}
}

// send makes a request with a token of the scopes; without scopes it carries none.
func (f *fixture) send(t *testing.T, method, path, scopes, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if scopes != "" {
		claims := jwt.MapClaims{"iss": issuer, "aud": audience, "exp": time.Now().Add(time.Minute).Unix(), "scope": scopes}
		token, err := jwt.NewWithClaims(jwt.SigningMethodES256, claims).SignedString(f.key)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response := httptest.NewRecorder()
	f.handler.ServeHTTP(response, request)
	return response
}

func (f *fixture) expect(t *testing.T, status int, method, path, scopes, body string) *httptest.ResponseRecorder {
	t.Helper()
	response := f.send(t, method, path, scopes, body)
	if response.Code != status {
		t.Errorf("%s %s: status %d, want %d: %s", method, path, response.Code, status, response.Body)
	}
	if media := response.Header().Get("Content-Type"); status >= 400 && media != "application/problem+json" {
		t.Errorf("%s %s: Content-Type %s", method, path, media)
	}
	return response
}

func TestHealthNeedsNoToken(t *testing.T) {
	response := newFixture(t).expect(t, http.StatusOK, http.MethodGet, "/healthz", "", "")
	if strings.TrimSpace(response.Body.String()) != `{"status":"ok"}` {
		t.Error(response.Body)
	}
	for name, value := range map[string]string{
		"X-Content-Type-Options":    "nosniff",
		"Cache-Control":             "no-store",
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
		"Server":                    "",
	} {
		if response.Header().Get(name) != value {
			t.Errorf("%s is %q", name, response.Header().Get(name))
		}
	}
}

func TestReadiness(t *testing.T) {
	f := newFixture(t)
	f.expect(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
	f.store.err = errors.New("secret-host refused")
	response := f.expect(t, http.StatusServiceUnavailable, http.MethodGet, "/readyz", "", "")
	if strings.Contains(response.Body.String(), "secret-host") {
		t.Error("an answer tells of the inside")
	}
	f.store.err = nil
<%#broker%>
	f.events.err = errors.New("down")
	f.expect(t, http.StatusServiceUnavailable, http.MethodGet, "/readyz", "", "")
	f.events.err = nil
<%/broker%>
	f.api.Stop()
	f.expect(t, http.StatusServiceUnavailable, http.MethodGet, "/readyz", "", "")
	f.expect(t, http.StatusOK, http.MethodGet, "/healthz", "", "")
}

func TestItems(t *testing.T) {
	f := newFixture(t)
	f.expect(t, http.StatusUnauthorized, http.MethodGet, "/v1/items", "", "")
	f.expect(t, http.StatusUnauthorized, http.MethodPost, "/v1/items", "", `{"name":"a"}`)
	f.expect(t, http.StatusForbidden, http.MethodGet, "/v1/items", "items:write", "")
	f.expect(t, http.StatusForbidden, http.MethodPost, "/v1/items", "items:read", `{"name":"a"}`)

	var added items.Item
	response := f.expect(t, http.StatusCreated, http.MethodPost, "/v1/items", "items:write", `{"name":"a"}`)
	if err := json.Unmarshal(response.Body.Bytes(), &added); err != nil || added.Name != "a" || len(added.ID) != 36 {
		t.Errorf("%+v, %v", added, err)
	}
<%#broker%>
	if len(f.events.created) != 1 || f.events.created[0] != added.ID {
		t.Errorf("events %v", f.events.created)
	}
<%/broker%>
	var listed struct{ Items []items.Item }
	response = f.expect(t, http.StatusOK, http.MethodGet, "/v1/items", "items:read", "")
	if err := json.Unmarshal(response.Body.Bytes(), &listed); err != nil || len(listed.Items) != 1 || listed.Items[0] != added {
		t.Errorf("%+v, %v", listed, err)
	}
}

func TestDependenciesThatAreDown(t *testing.T) {
	f := newFixture(t)
	f.store.err = errors.New("down")
	f.expect(t, http.StatusServiceUnavailable, http.MethodGet, "/v1/items", "items:read", "")
	f.expect(t, http.StatusServiceUnavailable, http.MethodPost, "/v1/items", "items:write", `{"name":"a"}`)
<%#broker%>
	f.store.err = nil
	f.events.err = errors.New("down")
	f.expect(t, http.StatusServiceUnavailable, http.MethodPost, "/v1/items", "items:write", `{"name":"a"}`)
<%/broker%>
}

func TestBodiesThatAreRefused(t *testing.T) {
	f := newFixture(t)
	for body, status := range map[string]int{
		"":                         http.StatusBadRequest,
		"[]":                       http.StatusBadRequest,
		"{}":                       http.StatusBadRequest,
		`{"name":""}`:              http.StatusBadRequest,
		`{"name":1}`:               http.StatusBadRequest,
		`{"name":"a","role":"b"}`:  http.StatusBadRequest,
		`{"name":"a"}{"name":"b"}`: http.StatusBadRequest,
		`{"name":"` + strings.Repeat("é", longestName+1) + `"}`: http.StatusBadRequest,
		`{"name":"` + strings.Repeat("é", longestName) + `"}`:   http.StatusCreated,
		`{"name":"` + strings.Repeat("a", largestBody) + `"}`:   http.StatusRequestEntityTooLarge,
	} {
		f.expect(t, status, http.MethodPost, "/v1/items", "items:write", body)
	}
}

func TestOtherMediaTypesAreRefused(t *testing.T) {
	f := newFixture(t)
	request := httptest.NewRequest(http.MethodPost, "/v1/items", strings.NewReader("name=a"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, status, _ := readName(request); status != http.StatusUnsupportedMediaType {
		t.Errorf("status %d", status)
	}
	f.expect(t, http.StatusNotFound, http.MethodGet, "/v1/other", "items:read", "")
	f.expect(t, http.StatusMethodNotAllowed, http.MethodDelete, "/v1/items", "items:write", "")
}

func TestPanicsAreAnswered(t *testing.T) {
	handler := recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret-host") }))
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/", nil))
	if response.Code != http.StatusInternalServerError || strings.Contains(response.Body.String(), "secret-host") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
}
