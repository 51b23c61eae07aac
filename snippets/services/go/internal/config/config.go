// Package config reads environment and secret files once, when the service starts; nothing else reads them.
package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Config is everything that the service is told from outside. No password and no key has a default: what is missing
// stops the start.
type Config struct {
	Port         int
	Certificate  tls.Certificate
	AuthKey      *ecdsa.PublicKey
	AuthIssuer   string
	AuthAudience string
<%#database%>
	Database     Database
<%/database%>
<%#broker%>
	Broker       Broker
<%/broker%>
}

// Read collects every fault before it gives up, so that one start shows all of them. Faults name variables, never
// contents.
func Read(getenv func(string) string) (Config, error) {
	r := reader{getenv: getenv}
	config := Config{
		Port:         r.port("PORT", 8443),
		Certificate:  r.certificate("TLS_CERT_FILE", "TLS_KEY_FILE"),
		AuthKey:      r.publicKey("AUTH_PUBLIC_KEY_FILE"),
		AuthIssuer:   r.text("AUTH_ISSUER"),
		AuthAudience: r.text("AUTH_AUDIENCE"),
<%#database%>
		Database:     r.database(),
<%/database%>
<%#broker%>
		Broker:       r.broker(),
<%/broker%>
	}
	if err := r.failure(); err != nil {
		return Config{}, err
	}
	return config, nil
}

// Probe is what the health check has to know.
type Probe struct {
	Port int
	TLS  *tls.Config
}

// ReadProbe reads where the running service listens and which authority made its certificate.
func ReadProbe(getenv func(string) string) (Probe, error) {
	r := reader{getenv: getenv}
	probe := Probe{Port: r.port("PORT", 8443), TLS: r.trust("TLS_CA_FILE", "localhost")}
	if err := r.failure(); err != nil {
		return Probe{}, err
	}
	return probe, nil
}

// reader notes faults instead of returning them one by one.
type reader struct {
	getenv func(string) string
	faults []string
}

func (r *reader) fault(variable, reason string) {
	r.faults = append(r.faults, variable+" "+reason)
}

func (r *reader) failure() error {
	if len(r.faults) == 0 {
		return nil
	}
	return errors.New("configuration: " + strings.Join(r.faults, "; "))
}

func (r *reader) text(variable string) string {
	value := r.getenv(variable)
	if value == "" {
		r.fault(variable, "is not set")
	}
	return value
}

func (r *reader) port(variable string, fallback int) int {
	value := r.getenv(variable)
	if value == "" {
		return fallback
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		r.fault(variable, "is no port")
	}
	return port
}

// file gives nil after it has noted a fault.
func (r *reader) file(variable string) []byte {
	path := r.text(variable)
	if path == "" {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		r.fault(variable, fmt.Sprintf("names a file that cannot be read: %v", err))
		return nil
	}
	return content
}

func (r *reader) certificate(certificateVariable, keyVariable string) tls.Certificate {
	certificate, key := r.file(certificateVariable), r.file(keyVariable)
	if certificate == nil || key == nil {
		return tls.Certificate{}
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		r.fault(certificateVariable, "and "+keyVariable+" are no pair of certificate and key")
	}
	return pair
}

// publicKey takes P-256 alone, the curve of ES256: with any other key the tokens could be of an algorithm that nobody
// has agreed on.
func (r *reader) publicKey(variable string) *ecdsa.PublicKey {
	content := r.file(variable)
	if content == nil {
		return nil
	}
	block, _ := pem.Decode(content)
	if block == nil || block.Type != "PUBLIC KEY" {
		r.fault(variable, "holds no PEM public key")
		return nil
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok || key.Curve != elliptic.P256() {
		r.fault(variable, "holds no P-256 key")
		return nil
	}
	return key
}

// trust believes the authority in the file and no other one, and only a certificate for that host: the hundred
// authorities that a system trusts have no business inside.
func (r *reader) trust(variable, host string) *tls.Config {
	authorities := x509.NewCertPool()
	if content := r.file(variable); content != nil && !authorities.AppendCertsFromPEM(content) {
		r.fault(variable, "holds no PEM certificate")
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities, ServerName: host}
}
