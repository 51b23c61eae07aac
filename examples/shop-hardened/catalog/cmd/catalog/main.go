// Command catalog serves the shop's products over mutual TLS.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/time/rate"
)

//go:embed products.json
var products []byte

func main() {
	if len(os.Args) > 1 && os.Args[1] == "probe" {
		os.Exit(probe())
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	if err := serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}

func serve() error {
	authority, err := os.ReadFile("/run/secrets/tls/ca.crt")
	if err != nil {
		return err
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(authority) {
		return errors.New("no certificate in ca.crt")
	}

	routes := http.NewServeMux()
	routes.HandleFunc("GET /products", listProducts)
	server := &http.Server{
		Addr:              ":8443",
		Handler:           limited(routes),
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       time.Minute,
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS13,
			ClientAuth: tls.RequireAndVerifyClientCert,
			ClientCAs:  clients,
		},
	}
	go health()

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	go func() {
		<-stop.Done()
		draining, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		_ = server.Shutdown(draining)
	}()
	return server.ListenAndServeTLS("/run/secrets/tls/tls.crt", "/run/secrets/tls/tls.key")
}

func listProducts(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(products)
}

// limited refuses what is more than this instance can serve.
func limited(next http.Handler) http.Handler {
	limiter := rate.NewLimiter(200, 400)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !limiter.Allow() {
			http.Error(w, "busy", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
