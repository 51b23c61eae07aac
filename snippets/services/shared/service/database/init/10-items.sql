<%#postgres%>
CREATE TABLE items (
  id          uuid         PRIMARY KEY,
  name        varchar(100) NOT NULL,
  created_at  timestamptz  NOT NULL DEFAULT now()
);

-- Lists begin with the newest.
CREATE INDEX items_created_at ON items (created_at DESC);
<%/postgres%>
<%#mysql%>
CREATE TABLE items (
  id          char(36)     NOT NULL PRIMARY KEY,
  name        varchar(100) NOT NULL,
  created_at  timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  -- Lists begin with the newest.
  INDEX items_created_at (created_at DESC)
) CHARACTER SET utf8mb4;
<%/mysql%>
