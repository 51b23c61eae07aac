module example.com/<% name %>

go 1.26.0

<%^database%>
<%^broker%>
require github.com/golang-jwt/jwt/v5 v5.3.1
<%/broker%>
<%#broker%>
require (
	github.com/golang-jwt/jwt/v5 v5.3.1
<%/broker%>
<%/database%>
<%#database%>
require (
<%#mysql%>
	github.com/go-sql-driver/mysql v1.10.1
<%/mysql%>
	github.com/golang-jwt/jwt/v5 v5.3.1
<%#postgres%>
	github.com/jackc/pgx/v5 v5.12.0
<%/postgres%>
<%/database%>
<%#rabbitmq%>
	github.com/rabbitmq/amqp091-go v1.16.0
<%/rabbitmq%>
<%#redis%>
	github.com/redis/go-redis/v9 v9.23.0
<%/redis%>
<%#kafka%>
	github.com/twmb/franz-go v1.22.2
<%/kafka%>
<%#database%>
)
<%/database%>
<%^database%>
<%#broker%>
)
<%/broker%>
<%/database%>
<%#mysql%>

require filippo.io/edwards25519 v1.2.0 // indirect
<%/mysql%>
<%#redis%>

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.12.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
)
<%/redis%>
<%#postgres%>

require (
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/text v0.41.0 // indirect
)
<%/postgres%>
<%#kafka%>

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/pierrec/lz4/v4 v4.1.33 // indirect
	github.com/twmb/franz-go/pkg/kmsg v1.15.0 // indirect
)
<%/kafka%>
