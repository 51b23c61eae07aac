<%^database%>
package com.example.<% flat %>;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryItemsTest {
  @Test
  void isBounded() {
    MemoryItems items = new MemoryItems();
    for (int number = 0; number < ItemStore.LIMIT + 5; number++) {
      items.add(Item.named("item " + number));
    }
    assertThat(items.list()).hasSize(ItemStore.LIMIT);
    assertThat(items.list().get(0).name()).isEqualTo("item " + (ItemStore.LIMIT + 4));
  }
}
<%/database%>
