// Package auth says who may call what: bearer tokens, signed by the one key that the service is given.
package auth

import (
	"crypto/ecdsa"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"example.com/<% name %>/internal/problem"
)

// Verifier checks tokens.
type Verifier struct {
	key    *ecdsa.PublicKey
	parser *jwt.Parser
}

type claims struct {
	Scope string `json:"scope"`
	jwt.RegisteredClaims
}

// NewVerifier takes ES256 alone, whatever a token's header asks for (`none`, or HS256 with the public key as its
// secret), and only tokens that somebody we know made for us and that end some day.
func NewVerifier(key *ecdsa.PublicKey, issuer, audience string) *Verifier {
	return &Verifier{
		key: key,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodES256.Alg()}),
			jwt.WithIssuer(issuer),
			jwt.WithAudience(audience),
			jwt.WithExpirationRequired(),
			jwt.WithLeeway(30*time.Second),
		),
	}
}

// Require lets a request pass that brings a valid token with the scope. Why a token was refused is not told: the reason
// would help who forges one.
func (v *Verifier) Require(scope string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		granted, err := v.scopes(r.Header.Get("Authorization"))
		if err != nil {
			w.Header().Set("WWW-Authenticate", "Bearer")
			problem.Write(w, http.StatusUnauthorized, "A valid bearer token is needed.")
			return
		}
		if !slices.Contains(granted, scope) {
			problem.Write(w, http.StatusForbidden, "The token lacks the scope "+scope+".")
			return
		}
		next(w, r)
	}
}

func (v *Verifier) scopes(authorization string) ([]string, error) {
	scheme, token, found := strings.Cut(authorization, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return nil, errors.New("no bearer token")
	}
	var read claims
	_, err := v.parser.ParseWithClaims(token, &read, func(*jwt.Token) (any, error) { return v.key, nil })
	if err != nil {
		return nil, err
	}
	return strings.Fields(read.Scope), nil
}
