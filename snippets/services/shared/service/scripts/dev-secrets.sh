#!/bin/sh
# Keys, certificates and passwords for a developer's machine, in `secrets/` beside this folder.
#
#   scripts/dev-secrets.sh                     makes them; refuses where they are there already
#   scripts/dev-secrets.sh token [SCOPES]      prints a token for trying, good for an hour
#
# Nothing of it belongs into a repository, an image or a deployment. To begin anew, remove `secrets/`.
set -eu
umask 077

folder=$(cd "$(dirname "$0")/.." && pwd)
secrets=$folder/secrets
issuer=https://auth.example
audience=<% name %>

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# The two numbers of an ECDSA signature (DER on standard input), 32 bytes each.
raw_signature() {
  openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' | while read -r number; do
    printf '%64s\n' "$number" | tr ' ' 0 | fold -w 2 | while read -r byte; do
      # shellcheck disable=SC2059 # the format is the byte
      printf "\\$(printf %03o "0x$byte")"
    done
  done
}

token() {
  now=$(date +%s)
  head=$(printf '{"alg":"ES256","typ":"JWT"}' | base64url)
  body=$(printf '{"iss":"%s","aud":"%s","sub":"developer","scope":"%s","iat":%s,"exp":%s}' \
    "$issuer" "$audience" "$1" "$now" "$((now + 3600))" | base64url)
  signature=$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign "$secrets/auth.key" | raw_signature | base64url)
  printf '%s.%s.%s\n' "$head" "$body" "$signature"
}

if [ "${1:-}" = token ]; then
  [ -f "$secrets/auth.key" ] || { echo "There are no keys yet: run $0" >&2; exit 1; }
  shift
  token "${*:-items:read items:write}"
  exit
fi

if [ -e "$secrets" ]; then
  echo "$secrets is there already: remove it to begin anew" >&2
  exit 1
fi

# Made beside its place and moved there as a whole, so that it is never half there.
new=$(mktemp -d "$folder/.secrets.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
cd "$new"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

# The authority that signs the certificates below. Its key is thrown away at the end: nobody can sign more.
cat >ca.cnf <<'CNF'
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = <% name %> development
[extensions]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
CNF
key ca.key
openssl req -x509 -new -sha256 -key ca.key -config ca.cnf -days 90 -out ca.crt

# certificate FILE NAME…: a key and a certificate for these names; the first one is its subject.
certificate() {
  file=$1
  shift
  names=
  for name in "$@" localhost; do names="${names}DNS:$name,"; done
  cat >"$file.cnf" <<CNF
[req]
prompt = no
distinguished_name = name
[name]
CN = $1
[extensions]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = ${names}IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
  key "$file.key"
  openssl req -new -sha256 -key "$file.key" -config "$file.cnf" -out "$file.csr"
  openssl x509 -req -sha256 -in "$file.csr" -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" \
    -extfile "$file.cnf" -extensions extensions -days 90 -out "$file.crt" 2>/dev/null
  rm "$file.cnf" "$file.csr"
}

# password FILE: without an end of line, for programs that would take it as a part.
password() { printf %s "$(openssl rand -hex 24)" >"$1"; }

certificate service <% name %>
key auth.key
openssl pkey -in auth.key -pubout -out auth.pem
<%#gateway%>
certificate gateway <% name %>-gateway <% name %>.localhost
<%/gateway%>
<%#database%>
certificate db <% name %>-db
password database-password
<%/database%>
<%#sql%>
password db-admin-password
<%/sql%>
<%#redis%>

password db-health-password
hash() { tr -d '\n' <"$1" | openssl dgst -sha256 -r | cut -d ' ' -f 1; }
cat >db-users.acl <<ACL
user default off
user health on #$(hash db-health-password) -@all +ping
user <% snake %> on #$(hash database-password) ~items resetchannels -@all +@connection +lpush +ltrim +lrange +llen +multi +exec
ACL
<%/redis%>
<%#broker%>
certificate broker <% name %>-broker
password broker-password
<%/broker%>
<%#kafka%>
cat broker.key broker.crt >broker-keystore.pem
rm broker.key broker.crt
<%/kafka%>
<%#rabbitmq%>

# RabbitMQ's form of a hashed password: four random bytes, then SHA-256 over them and the password.
openssl rand 4 >salt
cat salt broker-password | openssl dgst -sha256 -binary >sum
hash=$(cat salt sum | openssl base64 -A)
rm salt sum
# The account may declare the exchange and publish to it; it reads nothing.
cat >broker-definitions.json <<JSON
{
  "users": [
    {
      "name": "<% snake %>",
      "password_hash": "$hash",
      "hashing_algorithm": "rabbit_password_hashing_sha256",
      "tags": []
    }
  ],
  "vhosts": [{ "name": "/" }],
  "permissions": [
    { "user": "<% snake %>", "vhost": "/", "configure": "^items$", "write": "^items$", "read": "^$" }
  ],
  "exchanges": [
    { "name": "items", "vhost": "/", "type": "topic", "durable": true, "auto_delete": false, "internal": false, "arguments": {} }
  ]
}
JSON
<%/rabbitmq%>
rm ca.key ca.cnf

# Containers run as users of their own and must read what is mounted; the folder lets nobody else on this machine in.
chmod 0644 ./*
chmod 0600 auth.key
cd "$folder"
mv "$new" "$secrets"
trap - EXIT
echo "Made $secrets, good for 90 days. A token for trying: scripts/dev-secrets.sh token"
