<%#postgres%>
package items

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/<% name %>/internal/config"
)

// Postgres keeps items in the table `items`.
type Postgres struct {
	pool *pgxpool.Pool
}

// Open connects when the first query comes, so the service starts before its database does.
func Open(database config.Database) (*Postgres, error) {
	// verify-full and no fallback: without it a client goes on in plain text when the server asks for that.
	settings, err := pgxpool.ParseConfig("sslmode=verify-full connect_timeout=2")
	if err != nil {
		return nil, err
	}
	connection := settings.ConnConfig
	connection.Host = database.Host
	connection.Port = uint16(database.Port) //nolint:gosec // The configuration has checked the range.
	connection.Database = database.Name
	connection.User = database.User
	connection.Password = database.Password
	connection.TLSConfig = database.TLS
	connection.Fallbacks = nil
	connection.RuntimeParams = map[string]string{"application_name": "<% name %>", "statement_timeout": "2000"}
	// A small pool leaves connections for the other services of the database.
	settings.MaxConns = 5
	settings.MaxConnIdleTime = time.Minute
	pool, err := pgxpool.NewWithConfig(context.Background(), settings)
	if err != nil {
		return nil, err
	}
	return &Postgres{pool: pool}, nil
}

// Close ends all connections.
func (p *Postgres) Close() { p.pool.Close() }

// Ready asks the database.
func (p *Postgres) Ready(ctx context.Context) error { return p.pool.Ping(ctx) }

// List gives the newest item first.
func (p *Postgres) List(ctx context.Context) ([]Item, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows, err := p.pool.Query(ctx, "SELECT id::text, name, created_at FROM items ORDER BY created_at DESC LIMIT $1", Limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Item])
}

// Add hands values to the database apart from the statement, so that no name can become SQL.
func (p *Postgres) Add(ctx context.Context, item Item) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := p.pool.Exec(ctx, "INSERT INTO items (id, name, created_at) VALUES ($1, $2, $3)", item.ID, item.Name, item.CreatedAt)
	return err
}
<%/postgres%>
