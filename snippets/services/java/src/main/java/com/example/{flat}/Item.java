package com.example.<% flat %>;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** One entry of the list. */
record Item(UUID id, String name, Instant createdAt) {
  /** The identity is random (UUID version 4): others cannot be guessed from it. */
  static Item named(String name) {
    return new Item(UUID.randomUUID(), name, Instant.now().truncatedTo(ChronoUnit.MICROS));
  }
}
