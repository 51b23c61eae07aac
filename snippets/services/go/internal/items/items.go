// Package items keeps the service's items.
package items

import (
	"crypto/rand"
	"fmt"
	"time"
)

// Limit is how many items a list gives, so that no answer grows without end.
const Limit = 1000
<%#database%>

// timeout ends a query that hangs, so that slow storage does not eat up all connections.
const timeout = 2 * time.Second
<%/database%>

// Item is one entry of the list.
type Item struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
}

// New gives the item a random identity (UUID version 4): others cannot be guessed from it.
func New(name string) Item {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // crypto/rand never fails: it would end the program.
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return Item{
		ID:        fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]),
		Name:      name,
		CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
	}
}
