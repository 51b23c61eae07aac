// Package probe is the container's health check: the image has no shell and no curl, so the program asks itself.
package probe

import (
	"fmt"
	"net/http"
	"time"

	"example.com/<% name %>/internal/config"
)

// Run fails where the service on this machine is not healthy, or shows a certificate that callers would refuse.
func Run(getenv func(string) string) error {
	settings, err := config.ReadProbe(getenv)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{TLSClientConfig: settings.TLS}}
	response, err := client.Get(fmt.Sprintf("https://localhost:%d/healthz", settings.Port))
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthz answered %d", response.StatusCode)
	}
	return nil
}
