<%^database%>
package items

import (
	"context"
	"slices"
	"sync"
)

// Memory keeps the newest items until the process ends. It is bounded: callers cannot fill the machine's memory.
type Memory struct {
	mutex  sync.Mutex
	newest []Item
}

// NewMemory gives an empty list.
func NewMemory() *Memory { return &Memory{newest: []Item{}} }

// Ready is always true of memory.
func (m *Memory) Ready(context.Context) error { return nil }

// List gives the newest item first.
func (m *Memory) List(context.Context) ([]Item, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Clone(m.newest), nil
}

// Add drops the oldest item where there is no room.
func (m *Memory) Add(_ context.Context, item Item) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.newest = slices.Insert(m.newest, 0, item)
	m.newest = m.newest[:min(len(m.newest), Limit)]
	return nil
}
<%/database%>
