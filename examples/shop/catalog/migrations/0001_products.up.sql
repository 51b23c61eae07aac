CREATE TABLE products (
  id    text PRIMARY KEY,
  name  text NOT NULL,
  cents integer NOT NULL
);

INSERT INTO products VALUES
  ('mug-01', 'Enamel mug', 1290),
  ('lamp-02', 'Desk lamp', 4900),
  ('rug-03', 'Wool rug', 15900);
