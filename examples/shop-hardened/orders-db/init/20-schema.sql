CREATE TABLE orders (
  id      uuid        PRIMARY KEY,
  placed  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
  order_id  uuid    NOT NULL REFERENCES orders (id),
  item      text    NOT NULL,
  count     integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (order_id, item)
);

GRANT SELECT, INSERT ON orders, order_lines TO worker;
