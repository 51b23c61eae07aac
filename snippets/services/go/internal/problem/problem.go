// Package problem answers errors as application/problem+json (RFC 9457).
package problem

import (
	"encoding/json"
	"net/http"
)

// Write answers with a status and a sentence for the caller. The sentence must say nothing of the inside: no error
// text of a library, no path, no query.
func Write(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type":   "about:blank",
		"title":  http.StatusText(status),
		"status": status,
		"detail": detail,
	})
}
