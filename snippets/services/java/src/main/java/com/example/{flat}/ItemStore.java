package com.example.<% flat %>;

import java.util.List;

/** Keeps items. Every method throws a RuntimeException where that cannot be done now, and none waits over 2 s. */
interface ItemStore {
  /** How many items a list gives, so that no answer grows without end. */
  int LIMIT = 1000;

  /** Throws where the store does not answer. */
  void check();

  /** The newest item first. */
  List<Item> list();

  void add(Item item);
}
