<%#broker%>
package config

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"
)

// Broker is the server that takes the events, and this service's own account there.
type Broker struct {
	Host     string
	Port     int
	User     string
	Password string
	TLS      *tls.Config
}

// Address is host and port for a dialler.
func (b Broker) Address() string {
	return net.JoinHostPort(b.Host, strconv.Itoa(b.Port))
}

func (r *reader) broker() Broker {
	host := r.text("BROKER_HOST")
	// Editors and `echo` leave a line break behind a password.
	password := strings.TrimRight(string(r.file("BROKER_PASSWORD_FILE")), "\r\n")
	if password == "" {
		r.fault("BROKER_PASSWORD_FILE", "gives no password")
	}
	return Broker{
		Host:     host,
<%#kafka%>
		Port:     r.port("BROKER_PORT", 9092),
<%/kafka%>
<%#rabbitmq%>
		Port:     r.port("BROKER_PORT", 5671),
<%/rabbitmq%>
		User:     r.text("BROKER_USER"),
		Password: password,
		TLS:      r.trust("BROKER_CA_FILE", host),
	}
}
<%/broker%>
