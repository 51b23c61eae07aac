import { fixIn, rule } from "../../engine/index";
import { plainBrokers } from "../shared/code/brokers";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/plaintext-broker-connection",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A connection to a message broker that is not encrypted",
  why: `Orders, payments and events of all services meet at the broker. On a connection without TLS whoever shares the network
reads them together with the password of the service, and can slip in messages that every consumer takes for real: a payment that
never was. Use the encrypted listener of the broker and let the client check its certificate.`,
  refs: ["CWE-319"],
  covers: ["sonar:S5332"],
  fix: "unsafe",
  examples: [
    {
      file: "src/main/java/shop/Events.java",
      bad: `
        package shop;

        import java.util.Map;
        import org.apache.kafka.clients.CommonClientConfigs;
        import org.apache.kafka.clients.producer.ProducerConfig;

        class Events {
          static final Map<String, Object> SETTINGS =
              Map.ofEntries(
                  Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka.acme.io:9093"),
                  Map.entry(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, «"SASL_PLAINTEXT"»));
        }
        `,
      fixed: `
        package shop;

        import java.util.Map;
        import org.apache.kafka.clients.CommonClientConfigs;
        import org.apache.kafka.clients.producer.ProducerConfig;

        class Events {
          static final Map<String, Object> SETTINGS =
              Map.ofEntries(
                  Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka.acme.io:9093"),
                  Map.entry(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL"));
        }
        `,
    },
    {
      file: "src/queue.ts",
      bad: `
        import { connect } from "amqplib";

        export const connection = await connect({ protocol: "amqp", hostname: "«rabbitmq.acme.io»", username: "orders" });
        `,
      fixed: `
        import { connect } from "amqplib";

        export const connection = await connect({ protocol: "amqps", hostname: "rabbitmq.acme.io", username: "orders" });
        `,
    },
    {
      file: "events.go",
      bad: `
        package main

        import "github.com/twmb/franz-go/pkg/kgo"

        func open() (*kgo.Client, error) {
        	return kgo.NewClient(kgo.ClientID("orders"), kgo.SeedBrokers("«kafka.acme.io:9092»"))
        }
        `,
    },
    {
      file: "events.go",
      good: `
        package main

        import (
        	"crypto/tls"

        	"github.com/twmb/franz-go/pkg/kgo"
        )

        func open(more ...kgo.Opt) error {
        	_, err := kgo.NewClient(kgo.SeedBrokers("kafka.acme.io:9093"), kgo.DialTLSConfig(&tls.Config{}))
        	if err != nil {
        		return err
        	}
        	_, err = kgo.NewClient(append(more, kgo.SeedBrokers("kafka.acme.io:9093"))...)
        	return err
        }
        `,
    },
    {
      file: "Broker.cs",
      bad: `
        using RabbitMQ.Client;

        var plain = new ConnectionFactory { HostName = "«rabbitmq.acme.io»", Ssl = new SslOption { Enabled = false } };
        `,
    },
    {
      file: "src/server.ts",
      bad: `
        import amqp from "amqplib";
        import { Kafka } from "kafkajs";
        import mqtt from "mqtt";

        export const kafka = new Kafka({ clientId: "shop", brokers: ["«kafka.acme.io:9092»"] });
        export const other = new Kafka({ brokers: ["kafka.acme.io:9092"], «ssl: false» });
        export const queue = await amqp.connect("«amqp://mq.acme.io:5672»/shop");
        export const things = mqtt.connect("«mqtt://things.acme.io»");
        `,
      fixed: `
        import amqp from "amqplib";
        import { Kafka } from "kafkajs";
        import mqtt from "mqtt";

        export const kafka = new Kafka({ ssl: true, clientId: "shop", brokers: ["kafka.acme.io:9092"] });
        export const other = new Kafka({ brokers: ["kafka.acme.io:9092"], ssl: true });
        export const queue = await amqp.connect("amqps://mq.acme.io:5671/shop");
        export const things = mqtt.connect("mqtts://things.acme.io");
        `,
    },
    {
      file: "src/server.ts",
      severity: "info",
      bad: `
        import amqp from "amqplib";
        import { Kafka } from "kafkajs";
        import { connect } from "nats";

        export const kafka = new Kafka({ clientId: "shop", brokers: ["localhost:9092", "«kafka:9092»"] });
        export const queue = await amqp.connect(process.env.AMQP_URL ?? "«amqp://mq:5672»");
        export const third = await amqp.connect(\`«amqp://»\${process.env.MQ_HOST}:5672\`);
        export const bus = await connect({ servers: "«nats://bus:4222»" });
        `,
      fixed: `
        import amqp from "amqplib";
        import { Kafka } from "kafkajs";
        import { connect } from "nats";

        export const kafka = new Kafka({ ssl: true, clientId: "shop", brokers: ["localhost:9092", "kafka:9092"] });
        export const queue = await amqp.connect(process.env.AMQP_URL ?? "amqps://mq:5671");
        export const third = await amqp.connect(\`amqps://\${process.env.MQ_HOST}:5672\`);
        export const bus = await connect({ servers: "tls://bus:4222" });
        `,
      note: "inside of the cluster",
    },
    {
      file: "src/server.ts",
      good: `
        import amqp from "amqplib";
        import { Kafka } from "kafkajs";
        import { connect } from "nats";

        export const kafka = new Kafka({ brokers: ["kafka:9092"], ssl: true });
        export const near = new Kafka({ brokers: ["localhost:9092"] });
        export const other = (options: object) => new Kafka({ brokers: ["kafka:9092"], ...options });
        export const third = new Kafka({ brokers: (process.env.BROKERS ?? "").split(",") });
        export const queue = await amqp.connect("amqp://localhost");
        export const fourth = await amqp.connect(process.env.AMQP_URL as string);
        export const bus = await connect({ servers: "nats://bus:4222", tls: {} });
        if (process.env.AMQP_URL?.startsWith("amqp://mq")) console.log("amqp://mq is not encrypted");
        `,
    },
    {
      file: "app/main.py",
      bad: `
        from confluent_kafka import Producer
        from kafka import KafkaConsumer, KafkaProducer

        producer = KafkaProducer(bootstrap_servers="«kafka.acme.io:9092»")
        consumer = KafkaConsumer(
            "orders",
            bootstrap_servers="kafka:9092",
            «security_protocol="SASL_PLAINTEXT"»,
            sasl_mechanism="PLAIN",
        )
        other = Producer({"bootstrap.servers": "«kafka.acme.io:9092»"})
        `,
      fixed: `
        from confluent_kafka import Producer
        from kafka import KafkaConsumer, KafkaProducer

        producer = KafkaProducer(bootstrap_servers="kafka.acme.io:9092", security_protocol="SSL")
        consumer = KafkaConsumer(
            "orders",
            bootstrap_servers="kafka:9092",
            security_protocol="SASL_SSL",
            sasl_mechanism="PLAIN",
        )
        other = Producer({"security.protocol": "SSL", "bootstrap.servers": "kafka.acme.io:9092"})
        `,
    },
    {
      file: "app/main.py",
      severity: "info",
      bad: `
        import paho.mqtt.client as mqtt
        import pika

        connection = pika.BlockingConnection(pika.ConnectionParameters(host="«rabbitmq»"))
        client = mqtt.Client()
        client.connect("«mosquitto»", 1883)
        `,
    },
    {
      file: "app/main.py",
      severity: "info",
      bad: `
        import os

        PROTOCOL = {"security.protocol": os.getenv("KAFKA_PROTOCOL", "«PLAINTEXT»")}
        CELERY_BROKER_URL = "«amqp://rabbitmq»//"
        `,
      fixed: `
        import os

        PROTOCOL = {"security.protocol": os.getenv("KAFKA_PROTOCOL", "SSL")}
        CELERY_BROKER_URL = "amqps://rabbitmq//"
        `,
    },
    {
      file: "app/main.py",
      good: `
        import pika
        from confluent_kafka import Producer
        from kafka import KafkaProducer

        def connect(context, **options):
            KafkaProducer(bootstrap_servers="kafka:9092", security_protocol="SSL")
            KafkaProducer(bootstrap_servers="kafka:9092", **options)
            KafkaProducer(bootstrap_servers="localhost:9092", security_protocol="PLAINTEXT")
            Producer({"bootstrap.servers": "kafka:9092", "security.protocol": "SASL_SSL"})
            return pika.ConnectionParameters(host="rabbitmq", ssl_options=context)
        `,
    },
    {
      file: "main.go",
      severity: "info",
      bad: `
        package main

        import (
        	amqp "github.com/rabbitmq/amqp091-go"
        	"github.com/segmentio/kafka-go"
        )

        func open() error {
        	writer := &kafka.Writer{
        		Addr:  kafka.TCP("«kafka:9092»"),
        		Topic: "orders",
        	}
        	defer writer.Close()
        	_, err := amqp.Dial("«amqp://mq:5672»/")
        	return err
        }
        `,
      fixed: `
        package main

        import (
        	amqp "github.com/rabbitmq/amqp091-go"
        	"github.com/segmentio/kafka-go"
        	"crypto/tls"
        )

        func open() error {
        	writer := &kafka.Writer{
        		Transport: &kafka.Transport{TLS: &tls.Config{}},
        		Addr:  kafka.TCP("kafka:9092"),
        		Topic: "orders",
        	}
        	defer writer.Close()
        	_, err := amqp.Dial("amqps://mq:5671/")
        	return err
        }
        `,
    },
    {
      file: "main.go",
      severity: "info",
      bad: `
        package main

        import "github.com/IBM/sarama"

        func open(servers []string) (sarama.SyncProducer, error) {
        	config := sarama.NewConfig()
        	«config.Net.TLS.Enable = false»
        	return sarama.NewSyncProducer(servers, config)
        }
        `,
      fixed: `
        package main

        import "github.com/IBM/sarama"

        func open(servers []string) (sarama.SyncProducer, error) {
        	config := sarama.NewConfig()
        	config.Net.TLS.Enable = true
        	return sarama.NewSyncProducer(servers, config)
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"crypto/tls"
        	"os"

        	"github.com/IBM/sarama"
        	"github.com/nats-io/nats.go"
        	"github.com/segmentio/kafka-go"
        )

        func open(dialer *kafka.Dialer) (sarama.SyncProducer, error) {
        	config := sarama.NewConfig()
        	config.Net.TLS.Enable = true
        	config.Net.TLS.Config = &tls.Config{}
        	kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"kafka:9092"}, Dialer: dialer})
        	kafka.NewReader(kafka.ReaderConfig{Brokers: []string{os.Getenv("BROKER")}})
        	nats.Connect("nats://bus:4222", nats.Secure())
        	return sarama.NewSyncProducer([]string{"kafka:9092"}, config)
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      severity: "info",
      bad: `
        package shop;

        import com.rabbitmq.client.ConnectionFactory;

        class Config {
          ConnectionFactory open() {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost("«rabbitmq»");
            return factory;
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      severity: "info",
      bad: `
        package shop;

        import java.util.Map;
        import org.apache.kafka.clients.CommonClientConfigs;

        class Config {
          void open(Map<String, Object> props) {
            props.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, «"PLAINTEXT"»);
          }
        }
        `,
      fixed: `
        package shop;

        import java.util.Map;
        import org.apache.kafka.clients.CommonClientConfigs;

        class Config {
          void open(Map<String, Object> props) {
            props.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL");
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import com.rabbitmq.client.ConnectionFactory;
        import java.util.Properties;

        class Config {
          void open(Properties props) throws Exception {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost("rabbitmq");
            factory.useSslProtocol();
            props.put("bootstrap.servers", "kafka:9093");
            props.put("security.protocol", "SSL");
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Confluent.Kafka;

        var config = new ProducerConfig { BootstrapServers = "«kafka.acme.io:9092»" };
        var other = new ConsumerConfig { BootstrapServers = "kafka:9092", «SecurityProtocol = SecurityProtocol.SaslPlaintext» };
        `,
      fixed: `
        using Confluent.Kafka;

        var config = new ProducerConfig { SecurityProtocol = SecurityProtocol.Ssl, BootstrapServers = "kafka.acme.io:9092" };
        var other = new ConsumerConfig { BootstrapServers = "kafka:9092", SecurityProtocol = SecurityProtocol.SaslSsl };
        `,
    },
    {
      file: "Program.cs",
      severity: "info",
      bad: `
        using RabbitMQ.Client;

        var factory = new ConnectionFactory { HostName = "«rabbitmq»" };
        `,
    },
    {
      file: "Program.cs",
      severity: "info",
      bad: `
        using RabbitMQ.Client;

        var factory = new ConnectionFactory { Uri = new Uri("«amqp://rabbitmq:5672»") };
        `,
      fixed: `
        using RabbitMQ.Client;

        var factory = new ConnectionFactory { Uri = new Uri("amqps://rabbitmq:5671") };
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Confluent.Kafka;
        using RabbitMQ.Client;

        var factory = new ConnectionFactory { HostName = "localhost" };
        var config = new ProducerConfig { BootstrapServers = "kafka:9092", SecurityProtocol = SecurityProtocol.SaslSsl };
        var other = new ProducerConfig { BootstrapServers = builder.Configuration["Kafka"] };
        `,
    },
  ],
  check: {
    mentions:
      /kafka|amqp|rabbit|stomp|mqtt|nats|pulsar|pub_?sub|broker|9092|5672|1883|4222|celery|kombu|pika|sarama|activemq|jms|redpanda/i,
    file(code, report, context) {
      for (const { at, message, severity, guard, edits } of plainBrokers(code, context)) {
        report(at, message, {
          severity: weightOf(severity, code, guard),
          fix: () => {
            const made = edits();
            return fixIn(context.file, "Encrypt the connection", "unsafe", [made && { edits: made }]);
          },
        });
      }
    },
  },
});
