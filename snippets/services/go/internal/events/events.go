<%#broker%>
// Package events tells others what has happened here.
package events

import (
	"encoding/json"
	"time"
)

// topic takes the events of all items.
const topic = "items"

// timeout ends every talk with the broker: a caller gets an answer, also when the broker is down.
const timeout = 2 * time.Second

// created is the event of a new item: its identity, and nothing that not everybody may read.
func created(id string) ([]byte, error) {
	return json.Marshal(map[string]string{"type": "item.created", "id": id})
}
<%/broker%>
