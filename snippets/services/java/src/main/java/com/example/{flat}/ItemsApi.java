package com.example.<% flat %>;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What callers see of the service; who may call what stands in {@link Security}. */
@RestController
@RequestMapping("/v1/items")
class ItemsApi {
  private static final int longestName = 100;

  private final ItemStore store;
<%#broker%>
  private final ItemEvents events;
<%/broker%>

  ItemsApi(ItemStore store<%#broker%>, ItemEvents events<%/broker%>) {
    this.store = store;
<%#broker%>
    this.events = events;
<%/broker%>
  }

  record Items(List<Item> items) {}

  record NewItem(String name) {}

  static final class InvalidName extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Something that the service needs is down. */
  static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unavailable(String event, Throwable cause) {
      super(event, cause);
    }
  }

  @GetMapping
  Items list() {
    try {
      return new Items(store.list());
    } catch (RuntimeException failure) {
      throw new Unavailable("items were not read", failure);
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Item add(@RequestBody NewItem body) {
    String name = body.name();
    if (name == null || name.isEmpty() || name.codePointCount(0, name.length()) > longestName) {
      throw new InvalidName();
    }
    Item item = Item.named(name);
    try {
      store.add(item);
    } catch (RuntimeException failure) {
      throw new Unavailable("an item was not kept", failure);
    }
<%#broker%>
    try {
      // The item is kept and its event may be lost. Where that must not be, keep both in one transaction (an outbox).
      events.created(item.id());
    } catch (RuntimeException failure) {
      throw new Unavailable("an event was not published", failure);
    }
<%/broker%>
    return item;
  }
}
