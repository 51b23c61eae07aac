<%#broker%>
package com.example.<% flat %>;

import java.util.UUID;

/** Tells others what has happened here. Every method throws a RuntimeException where the broker does not answer. */
interface ItemEvents {
  /** The topic, or topic exchange, of all events of items. */
  String TOPIC = "items";

  /** An event carries an identity, and nothing that not everybody may read. */
  record Created(String type, UUID id) {
    Created(UUID id) {
      this("item.created", id);
    }
  }

  void check();

  /** Returns when the broker has confirmed the event. */
  void created(UUID id);
}
<%/broker%>
