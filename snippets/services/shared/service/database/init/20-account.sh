<%#postgres%>
#!/bin/sh
# The service reads and adds items; it can change nothing else, the table's form least of all.
set -eu

psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/database-password)" \
  --username postgres --dbname <% snake %> <<'SQL'
CREATE ROLE "<% snake %>" LOGIN PASSWORD :'password' CONNECTION LIMIT 20;
REVOKE ALL ON DATABASE "<% snake %>" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE "<% snake %>" TO "<% snake %>";
GRANT USAGE ON SCHEMA public TO "<% snake %>";
GRANT SELECT, INSERT ON items TO "<% snake %>";
SQL
<%/postgres%>
<%#mysql%>
#!/bin/sh
# The service reads and adds items; it can change nothing else, the table's form least of all.
set -eu

MYSQL_PWD="$(cat /run/secrets/admin-password)"
export MYSQL_PWD
mysql --protocol=socket --user=root <<SQL
CREATE USER '<% snake %>'@'%' IDENTIFIED WITH caching_sha2_password BY '$(cat /run/secrets/database-password)'
  REQUIRE SSL WITH MAX_USER_CONNECTIONS 20;
GRANT SELECT, INSERT ON \`<% snake %>\`.items TO '<% snake %>'@'%';
SQL
<%/mysql%>
