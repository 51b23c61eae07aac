// Command <% name %> serves items over HTTPS.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"example.com/<% name %>/internal/api"
	"example.com/<% name %>/internal/auth"
	"example.com/<% name %>/internal/config"
<%#broker%>
	"example.com/<% name %>/internal/events"
<%/broker%>
	"example.com/<% name %>/internal/items"
	"example.com/<% name %>/internal/probe"
)

// After SIGTERM running requests have grace to end, and the whole stop must fit in stopLimit.
const (
	grace     = time.Second
	stopLimit = 1800 * time.Millisecond
)

func main() {
	probing := flag.Bool("probe", false, "ask the running service for its health")
	flag.Parse()
	slog.SetDefault(newLogger())

	work := serve
	if *probing {
		work = func() error { return probe.Run(os.Getenv) }
	}
	if err := work(); err != nil {
		slog.Error("failed", "error", err.Error())
		os.Exit(1)
	}
}

// newLogger writes one JSON object a line, so that no value of a request can forge a second line.
func newLogger() *slog.Logger {
	handler := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(groups []string, attribute slog.Attr) slog.Attr {
			if len(groups) == 0 && attribute.Key == slog.MessageKey {
				attribute.Key = "message"
			}
			return attribute
		},
	})
	return slog.New(handler).With("service", "<% name %>")
}

func serve() error {
	// From here on a signal is a wish, not a kill.
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()

	settings, err := config.Read(os.Getenv)
	if err != nil {
		return err
	}
<%^database%>
	store := items.NewMemory()
<%/database%>
<%#database%>
	store, err := items.Open(settings.Database)
	if err != nil {
		return err
	}
	defer store.Close()
<%/database%>
<%#broker%>
	publisher, err := events.Open(settings.Broker)
	if err != nil {
		return err
	}
	defer publisher.Close()
<%/broker%>

	service := api.New(auth.NewVerifier(settings.AuthKey, settings.AuthIssuer, settings.AuthAudience), store<%#broker%>, publisher<%/broker%>)
	server := newServer(settings, service.Handler())
	listener, err := net.Listen("tcp", server.Addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "port", settings.Port)
	ended := make(chan error, 1)
	go func() { ended <- server.ServeTLS(listener, "", "") }()

	select {
	case err := <-ended:
		return err
	case <-stop.Done():
	}
	slog.Info("stopping")
	// Whatever hangs while it closes: the process is gone before anybody has to kill it.
	time.AfterFunc(stopLimit, func() { os.Exit(0) })
	service.Stop()
	draining, done := context.WithTimeout(context.Background(), grace)
	defer done()
	if err := server.Shutdown(draining); errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("requests were cut off")
		return server.Close()
	} else if err != nil {
		return err
	}
	slog.Info("stopped")
	return nil
}

// newServer sets every limit that net/http leaves open: without them one slow client holds a connection for ever.
func newServer(settings config.Config, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              ":" + strconv.Itoa(settings.Port),
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		TLSConfig: &tls.Config{
			MinVersion:   tls.VersionTLS12,
			Certificates: []tls.Certificate{settings.Certificate},
		},
	}
}
