<%#kafka%>
package events

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"example.com/<% name %>/internal/config"
)

// Kafka publishes to the topic `items`, which must be there: a service's account makes no topics.
type Kafka struct {
	client *kgo.Client
}

// Open connects when the first event comes, so the service starts before its broker does.
func Open(broker config.Broker) (*Kafka, error) {
	// Without a fixed name the client checks every broker's certificate against that broker's own name.
	trusted := broker.TLS.Clone()
	trusted.ServerName = ""
	login := scram.Auth{User: broker.User, Pass: broker.Password}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(broker.Address()),
		kgo.DialTLSConfig(trusted),
		kgo.DialTimeout(timeout),
		kgo.SASL(login.AsSha512Mechanism()),
		kgo.DefaultProduceTopic(topic),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.RecordDeliveryTimeout(timeout),
		kgo.ProduceRequestTimeout(timeout),
		kgo.AllowIdempotentProduceCancellation(),
		kgo.MaxBufferedRecords(1000),
	)
	if err != nil {
		return nil, err
	}
	return &Kafka{client: client}, nil
}

// Close ends all connections.
func (k *Kafka) Close() { k.client.Close() }

// Ready asks the broker.
func (k *Kafka) Ready(ctx context.Context) error { return k.client.Ping(ctx) }

// Created returns when all replicas in step have the event.
func (k *Kafka) Created(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	event, err := created(id)
	if err != nil {
		return err
	}
	return k.client.ProduceSync(ctx, &kgo.Record{Key: []byte(id), Value: event}).FirstErr()
}
<%/kafka%>
