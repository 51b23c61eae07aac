<%#database%>
package config

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"
)

// Database is the server that keeps the items, and this service's own account there.
type Database struct {
	Host     string
	Port     int
<%#sql%>
	Name     string
<%/sql%>
	User     string
	Password string
	TLS      *tls.Config
}

// Address is host and port for a dialler.
func (d Database) Address() string {
	return net.JoinHostPort(d.Host, strconv.Itoa(d.Port))
}

func (r *reader) database() Database {
	host := r.text("DATABASE_HOST")
	// Editors and `echo` leave a line break behind a password.
	password := strings.TrimRight(string(r.file("DATABASE_PASSWORD_FILE")), "\r\n")
	if password == "" {
		r.fault("DATABASE_PASSWORD_FILE", "gives no password")
	}
	return Database{
		Host:     host,
<%#postgres%>
		Port:     r.port("DATABASE_PORT", 5432),
<%/postgres%>
<%#mysql%>
		Port:     r.port("DATABASE_PORT", 3306),
<%/mysql%>
<%#redis%>
		Port:     r.port("DATABASE_PORT", 6379),
<%/redis%>
<%#sql%>
		Name:     r.text("DATABASE_NAME"),
<%/sql%>
		User:     r.text("DATABASE_USER"),
		Password: password,
		TLS:      r.trust("DATABASE_CA_FILE", host),
	}
}
<%/database%>
