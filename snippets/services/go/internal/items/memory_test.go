<%^database%>
package items

import (
	"context"
	"fmt"
	"testing"
)

func TestMemoryIsBounded(t *testing.T) {
	memory := NewMemory()
	for i := range Limit + 5 {
		if err := memory.Add(context.Background(), New(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := memory.List(context.Background())
	if err != nil || len(listed) != Limit {
		t.Fatalf("%d items, %v", len(listed), err)
	}
	if listed[0].Name != fmt.Sprint(Limit+4) {
		t.Errorf("the newest item is %s", listed[0].Name)
	}
}
<%/database%>
