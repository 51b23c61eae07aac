CREATE TABLE orders (
  id     uuid PRIMARY KEY,
  items  text NOT NULL,
  placed timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE stock (
  item      text PRIMARY KEY,
  left_over integer NOT NULL
);

INSERT INTO stock VALUES ('mug-01', 120), ('lamp-02', 35), ('rug-03', 8);
