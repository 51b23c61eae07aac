package main

import (
	"log/slog"
	"net/http"
	"time"
)

// health answers the container's own probe, and nobody outside of it.
func health() {
	server := &http.Server{
		Addr:              "127.0.0.1:8081",
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
		ReadHeaderTimeout: 2 * time.Second,
	}
	slog.Error("health listener stopped", "error", server.ListenAndServe())
}

// probe gives the exit code of a health check.
func probe() int {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get("http://127.0.0.1:8081/healthz")
	if err != nil {
		return 1
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusNoContent {
		return 1
	}
	return 0
}
