<%#redis%>
package items

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"example.com/<% name %>/internal/config"
)

// key of the list; the service's account needs no other one.
const key = "items"

// Redis keeps the newest items in one list.
type Redis struct {
	client *redis.Client
}

// logger takes what the client has to say into our own log.
type logger struct{}

func (logger) Printf(_ context.Context, format string, values ...any) {
	slog.Warn(fmt.Sprintf(format, values...))
}

// Open connects when the first command comes, so the service starts before its database does.
func Open(database config.Database) (*Redis, error) {
	redis.SetLogger(logger{})
	return &Redis{client: redis.NewClient(&redis.Options{
		Addr:         database.Address(),
		Username:     database.User,
		Password:     database.Password,
		TLSConfig:    database.TLS,
		DialTimeout:  timeout,
		ReadTimeout:  timeout,
		WriteTimeout: timeout,
		// A caller waits for the answer: two attempts are enough.
		MaxRetries:    1,
		DialerRetries: 1,
		// A small pool leaves connections for the other services of the database.
		PoolSize: 5,
		// The client would introduce itself with commands that a small account may not give.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})}, nil
}

// Close ends all connections.
func (r *Redis) Close() { _ = r.client.Close() }

// Ready asks the database.
func (r *Redis) Ready(ctx context.Context) error { return r.client.Ping(ctx).Err() }

// List gives the newest item first.
func (r *Redis) List(ctx context.Context) ([]Item, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	texts, err := r.client.LRange(ctx, key, 0, Limit-1).Result()
	if err != nil {
		return nil, err
	}
	listed := make([]Item, len(texts))
	for at, text := range texts {
		if err := json.Unmarshal([]byte(text), &listed[at]); err != nil {
			return nil, err
		}
	}
	return listed, nil
}

// Add drops the oldest items where the list is full: callers cannot fill the database's memory.
func (r *Redis) Add(ctx context.Context, item Item) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	_, err = r.client.TxPipelined(ctx, func(commands redis.Pipeliner) error {
		commands.LPush(ctx, key, text)
		commands.LTrim(ctx, key, 0, Limit-1)
		return nil
	})
	return err
}
<%/redis%>
