<%#rabbitmq%>
package events

import (
	"context"
	"errors"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"example.com/<% name %>/internal/config"
)

// RabbitMQ publishes to the topic exchange `items`.
type RabbitMQ struct {
	broker     config.Broker
	turn       chan struct{} // Holds one token: who has it may use the fields below.
	connection *amqp.Connection
	channel    *amqp.Channel
}

// Open connects when the first event comes, so the service starts before its broker does.
func Open(broker config.Broker) (*RabbitMQ, error) {
	turn := make(chan struct{}, 1)
	turn <- struct{}{}
	return &RabbitMQ{broker: broker, turn: turn}, nil
}

// Close ends the connection.
func (r *RabbitMQ) Close() {
	<-r.turn
	if r.connection != nil {
		_ = r.connection.CloseDeadline(time.Now().Add(timeout))
	}
}

// Ready connects where there is no connection; heartbeats tell when one has died.
func (r *RabbitMQ) Ready(ctx context.Context) error {
	return r.use(ctx, func(*amqp.Channel) error { return nil })
}

// Created returns when the broker has confirmed the event.
func (r *RabbitMQ) Created(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	event, err := created(id)
	if err != nil {
		return err
	}
	var receipt *amqp.DeferredConfirmation
	err = r.use(ctx, func(channel *amqp.Channel) error {
		message := amqp.Publishing{ContentType: "application/json", DeliveryMode: amqp.Persistent, Body: event}
		receipt, err = channel.PublishWithDeferredConfirmWithContext(ctx, topic, "item.created", false, false, message)
		return err
	})
	if err != nil {
		return err
	}
	confirmed, err := receipt.WaitContext(ctx)
	if err != nil {
		return err
	}
	if !confirmed {
		return errors.New("the broker refused the event")
	}
	return nil
}

// use waits for its turn no longer than the caller does.
func (r *RabbitMQ) use(ctx context.Context, work func(*amqp.Channel) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case <-r.turn:
		defer func() { r.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if r.channel == nil || r.channel.IsClosed() {
		if err := r.connect(ctx); err != nil {
			return err
		}
	}
	return work(r.channel)
}

func (r *RabbitMQ) connect(ctx context.Context) error {
	deadline, _ := ctx.Deadline()
	if r.connection != nil {
		_ = r.connection.CloseDeadline(deadline)
	}
	connection, err := amqp.DialConfig("amqps://"+r.broker.Address()+"/", amqp.Config{
		SASL:            []amqp.Authentication{&amqp.PlainAuth{Username: r.broker.User, Password: r.broker.Password}},
		TLSClientConfig: r.broker.TLS,
		Dial:            amqp.DefaultDial(time.Until(deadline)),
		Heartbeat:       5 * time.Second,
	})
	if err != nil {
		return err
	}
	r.connection = connection
	channel, err := connection.Channel()
	if err != nil {
		return err
	}
	if err := channel.ExchangeDeclare(topic, amqp.ExchangeTopic, true, false, false, false, nil); err != nil {
		return err
	}
	if err := channel.Confirm(false); err != nil {
		return err
	}
	r.channel = channel
	return nil
}
<%/rabbitmq%>
