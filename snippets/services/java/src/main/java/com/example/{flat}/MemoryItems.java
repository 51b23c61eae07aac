<%^database%>
package com.example.<% flat %>;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.stereotype.Component;

/** Keeps the newest items until the process ends. It is bounded: callers cannot fill the machine's memory. */
@Component
class MemoryItems implements ItemStore {
  private final Deque<Item> newest = new ArrayDeque<>();

  @Override
  public void check() {
    // Memory is always there.
  }

  @Override
  public synchronized List<Item> list() {
    return List.copyOf(newest);
  }

  @Override
  public synchronized void add(Item item) {
    newest.addFirst(item);
    if (newest.size() > LIMIT) {
      newest.removeLast();
    }
  }
}
<%/database%>
