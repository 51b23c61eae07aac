package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func block(t *testing.T, kind string, encode func() ([]byte, error)) []byte {
	t.Helper()
	content, err := encode()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
}

// environment is complete: a certificate, its key and passwords are made for each test.
func environment(t *testing.T, curve elliptic.Curve) map[string]string {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	certificate := block(t, "CERTIFICATE", func() ([]byte, error) {
		return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	})
	folder := t.TempDir()
	return map[string]string{
		"TLS_CERT_FILE": write(t, folder, "tls.crt", certificate),
		"TLS_KEY_FILE": write(t, folder, "tls.key", block(t, "PRIVATE KEY", func() ([]byte, error) {
			return x509.MarshalPKCS8PrivateKey(key)
		})),
		"TLS_CA_FILE": write(t, folder, "ca.crt", certificate),
		"AUTH_PUBLIC_KEY_FILE": write(t, folder, "auth.pem", block(t, "PUBLIC KEY", func() ([]byte, error) {
			return x509.MarshalPKIXPublicKey(key.Public())
		})),
		"AUTH_ISSUER":   "https://login.example.com",
		"AUTH_AUDIENCE": "<% name %>",
<%#database%>

		"DATABASE_HOST":          "database",
<%#sql%>
		"DATABASE_NAME":          "items",
<%/sql%>
		"DATABASE_USER":          "<% snake %>",
		"DATABASE_PASSWORD_FILE": write(t, folder, "database-password", []byte("made for the test\n")),
		"DATABASE_CA_FILE":       write(t, folder, "database-ca.crt", certificate),
<%/database%>
<%#broker%>

		"BROKER_HOST":          "broker",
		"BROKER_USER":          "<% snake %>",
		"BROKER_PASSWORD_FILE": write(t, folder, "broker-password", []byte("made for the test\n")),
		"BROKER_CA_FILE":       write(t, folder, "broker-ca.crt", certificate),
<%/broker%>
	}
}

func lookup(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestRead(t *testing.T) {
	settings, err := Read(lookup(environment(t, elliptic.P256())))
	if err != nil {
		t.Fatal(err)
	}
	if settings.Port != 8443 {
		t.Errorf("port %d", settings.Port)
	}
<%#database%>
	if settings.Database.Password != "made for the test" || settings.Database.TLS.ServerName != "database" {
		t.Error("the database is read wrong")
	}
<%/database%>
<%#broker%>
	if settings.Broker.Password != "made for the test" || settings.Broker.TLS.ServerName != "broker" {
		t.Error("the broker is read wrong")
	}
<%/broker%>
}

func TestEveryVariableIsNeeded(t *testing.T) {
	complete := environment(t, elliptic.P256())
	delete(complete, "TLS_CA_FILE")
	for name := range complete {
		lacking := maps.Clone(complete)
		delete(lacking, name)
		if _, err := Read(lookup(lacking)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestFaultsAreToldTogether(t *testing.T) {
	_, err := Read(func(string) string { return "" })
	if err == nil || !strings.Contains(err.Error(), "TLS_KEY_FILE") || !strings.Contains(err.Error(), "AUTH_ISSUER") {
		t.Errorf("%v", err)
	}
}

func TestWrongValues(t *testing.T) {
	for name, value := range map[string]string{
		"PORT":                 "0",
		"TLS_CERT_FILE":        "/nowhere",
		"AUTH_PUBLIC_KEY_FILE": write(t, t.TempDir(), "auth.pem", []byte("no key")),
<%#database%>

		"DATABASE_PASSWORD_FILE": write(t, t.TempDir(), "password", []byte("\n")),
		"DATABASE_CA_FILE":       write(t, t.TempDir(), "ca.crt", []byte("no certificate")),
<%/database%>
<%#broker%>

		"BROKER_PASSWORD_FILE": write(t, t.TempDir(), "password", []byte("\n")),
		"BROKER_CA_FILE":       write(t, t.TempDir(), "ca.crt", []byte("no certificate")),
<%/broker%>
	} {
		variables := environment(t, elliptic.P256())
		variables[name] = value
		if _, err := Read(lookup(variables)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestOtherCurvesAreRefused(t *testing.T) {
	if _, err := Read(lookup(environment(t, elliptic.P384()))); err == nil || !strings.Contains(err.Error(), "P-256") {
		t.Errorf("%v", err)
	}
}

func TestReadProbe(t *testing.T) {
	variables := environment(t, elliptic.P256())
	variables["PORT"] = "9443"
	probe, err := ReadProbe(lookup(variables))
	if err != nil || probe.Port != 9443 || probe.TLS.ServerName != "localhost" || probe.TLS.InsecureSkipVerify {
		t.Errorf("%+v, %v", probe, err)
	}
	delete(variables, "TLS_CA_FILE")
	if _, err := ReadProbe(lookup(variables)); err == nil {
		t.Error("a probe without authority")
	}
}
