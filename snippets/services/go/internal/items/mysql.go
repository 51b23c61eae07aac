<%#mysql%>
package items

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/go-sql-driver/mysql"

	"example.com/<% name %>/internal/config"
)

// MySQL keeps items in the table `items`.
type MySQL struct {
	pool *sql.DB
}

// Open connects when the first query comes, so the service starts before its database does.
func Open(database config.Database) (*MySQL, error) {
	settings := mysql.NewConfig()
	settings.Net = "tcp"
	settings.Addr = database.Address()
	settings.DBName = database.Name
	settings.User = database.User
	settings.Passwd = database.Password
	// Never in plain text, also when the server offers no TLS.
	settings.TLS = database.TLS
	settings.AllowFallbackToPlaintext = false
	settings.Timeout = timeout
	settings.ReadTimeout = timeout
	settings.WriteTimeout = timeout
	settings.ParseTime = true
	settings.Logger = slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)
	connector, err := mysql.NewConnector(settings)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	// A small pool leaves connections for the other services of the database.
	pool.SetMaxOpenConns(5)
	pool.SetConnMaxIdleTime(time.Minute)
	return &MySQL{pool: pool}, nil
}

// Close ends all connections.
func (m *MySQL) Close() { _ = m.pool.Close() }

// Ready asks the database.
func (m *MySQL) Ready(ctx context.Context) error { return m.pool.PingContext(ctx) }

// List gives the newest item first.
func (m *MySQL) List(ctx context.Context) ([]Item, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows, err := m.pool.QueryContext(ctx, "SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT ?", Limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	listed := []Item{}
	for rows.Next() {
		var item Item
		if err := rows.Scan(&item.ID, &item.Name, &item.CreatedAt); err != nil {
			return nil, err
		}
		listed = append(listed, item)
	}
	return listed, rows.Err()
}

// Add hands values to the database apart from the statement, so that no name can become SQL.
func (m *MySQL) Add(ctx context.Context, item Item) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := m.pool.ExecContext(ctx, "INSERT INTO items (id, name, created_at) VALUES (?, ?, ?)", item.ID, item.Name, item.CreatedAt)
	return err
}
<%/mysql%>
