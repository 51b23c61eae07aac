// Package api is what callers see of the service.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"example.com/<% name %>/internal/auth"
	"example.com/<% name %>/internal/items"
	"example.com/<% name %>/internal/problem"
)

const (
	longestName = 100
	readyLimit  = time.Second
)

// Store keeps items.
type Store interface {
	Ready(ctx context.Context) error
	List(ctx context.Context) ([]items.Item, error)
	Add(ctx context.Context, item items.Item) error
}
<%#broker%>

// Publisher tells others of items.
type Publisher interface {
	Ready(ctx context.Context) error
	Created(ctx context.Context, id string) error
}
<%/broker%>

// API answers requests.
type API struct {
	verifier *auth.Verifier
	store    Store
<%#broker%>
	events   Publisher
<%/broker%>
	stopping atomic.Bool
}

// New puts the parts together.
func New(verifier *auth.Verifier, store Store<%#broker%>, events Publisher<%/broker%>) *API {
	return &API{verifier: verifier, store: store<%#broker%>, events: events<%/broker%>}
}

// Stop makes the service unready, so that balancers send nothing new.
func (a *API) Stop() { a.stopping.Store(true) }

// Handler is every route with what protects all of them. A new route needs its own Require.
func (a *API) Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", a.health)
	routes.HandleFunc("GET /readyz", a.ready)
	routes.HandleFunc("GET /v1/items", a.verifier.Require("items:read", a.list))
	routes.HandleFunc("POST /v1/items", a.verifier.Require("items:write", a.add))
	routes.HandleFunc("/v1/items", notAllowed("GET", "POST"))
	routes.HandleFunc("/", notFound)
	return logged(secured(limited(recovered(routes))))
}

func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (a *API) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyLimit)
	defer cancel()
	if a.stopping.Load() {
		problem.Write(w, http.StatusServiceUnavailable, "The service is stopping.")
		return
	}
	if err := a.store.Ready(ctx); err != nil {
		unavailable(w, "the store is not ready", err)
		return
	}
<%#broker%>
	if err := a.events.Ready(ctx); err != nil {
		unavailable(w, "the broker is not ready", err)
		return
	}
<%/broker%>
	answer(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (a *API) list(w http.ResponseWriter, r *http.Request) {
	listed, err := a.store.List(r.Context())
	if err != nil {
		unavailable(w, "items were not read", err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"items": listed})
}

func (a *API) add(w http.ResponseWriter, r *http.Request) {
	name, status, detail := readName(r)
	if status != 0 {
		problem.Write(w, status, detail)
		return
	}
	item := items.New(name)
	if err := a.store.Add(r.Context(), item); err != nil {
		unavailable(w, "an item was not kept", err)
		return
	}
<%#broker%>
	// The item is kept and its event may be lost. Where that must not be, keep both in one transaction (an outbox).
	if err := a.events.Created(r.Context(), item.ID); err != nil {
		unavailable(w, "an event was not published", err)
		return
	}
<%/broker%>
	answer(w, http.StatusCreated, item)
}

// readName takes a body of the one form that is described, and gives a status where it has another one.
func readName(r *http.Request) (name string, status int, detail string) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return "", http.StatusUnsupportedMediaType, "The body must be application/json."
	}
	var body struct {
		Name string `json:"name"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&body)
	if err == nil && !errors.Is(decoder.Decode(&struct{}{}), io.EOF) {
		err = errors.New("more than one value")
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return "", http.StatusRequestEntityTooLarge, "The body is too large."
	}
	if length := utf8.RuneCountInString(body.Name); err != nil || length < 1 || length > longestName {
		return "", http.StatusBadRequest, `The body must be {"name": a text of 1 to 100 characters}.`
	}
	return body.Name, 0, ""
}

// unavailable logs the reason and keeps it from the caller.
func unavailable(w http.ResponseWriter, event string, err error) {
	slog.Warn(event, "error", err.Error())
	problem.Write(w, http.StatusServiceUnavailable, "The service cannot do this now.")
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	problem.Write(w, http.StatusNotFound, "There is nothing here.")
}

func notAllowed(methods ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		problem.Write(w, http.StatusMethodNotAllowed, "The method is not allowed here.")
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
