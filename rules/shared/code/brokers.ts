/** Connections of service code to message brokers that nobody encrypts. Clients after their manuals, 2026-11. */
import {
  type CodeCall,
  type CodeFile,
  type CodeLiteral,
  type CodeOptions,
  type CodeText,
  type CodeValue,
  type Context,
  contains,
  type Edit,
} from "../../../engine/index";
import { addressesIn, withoutPort } from "../addresses";
import { isConnectionText, type PlainStore } from "./databases";
import { addressOf, type HostClass, hostClass } from "./endpoints";
import { importing, withArgument, withEntry } from "./insertions";
import { literalText } from "./literal-text";
import { argumentOf, isOf, type Library } from "./origins";
import { besides, isOff, placeOf, type Setting, settingsOf, textsOf } from "./settings";
import { spanOf } from "./values";

/** A connection without TLS. */
export type PlainBroker = PlainStore;

/** Every one of the file. */
export const plainBrokers = (code: CodeFile, context: Context): readonly PlainBroker[] => [
  ...code.facts.literals.flatMap((literal) => inLiteral(literal, code, context)),
  ...settingsOf(code, context).flatMap((setting) => inSetting(setting, code, context)),
  ...code.facts.calls.flatMap((call) => byCall(call, code, context)),
  ...code.facts.options.flatMap((options) => byOptions(options, code, context)),
];

/** By who may be on the way; undefined where nobody is, or where there is no such host. */
const severityOf = (host: HostClass): "warning" | "info" | undefined => {
  if (host === "public") return "warning";
  return host === "internal" || host === "dynamic" ? "info" : undefined;
};

const worst = (classes: readonly HostClass[]): HostClass | undefined =>
  (["public", "internal", "dynamic", "loopback", "none"] as const).find((c) => classes.includes(c));

// Addresses

interface Scheme {
  readonly secure?: string;
  readonly ports?: readonly [plain: string, secure: string];
  /** Options beside the address may ask for TLS all the same. */
  readonly negotiates?: true;
}
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ["amqp", { secure: "amqps", ports: ["5672", "5671"] }],
  ["mqtt", { secure: "mqtts", ports: ["1883", "8883"] }],
  ["nats", { secure: "tls", negotiates: true }],
  ["stomp", { secure: "stomp+ssl", ports: ["61613", "61614"] }],
  ["pulsar", { secure: "pulsar+ssl", ports: ["6650", "6651"] }],
]);
/** `tcp://` with the port of a broker: clients of MQTT and of ActiveMQ. */
const tcpPorts: Readonly<Record<string, Scheme>> = {
  "1883": { secure: "ssl", ports: ["1883", "8883"] },
  "61616": { secure: "ssl", ports: ["61616", "61617"] },
};

const tlsName =
  /^(?:use_?)?(?:tls|ssl)(?:_?(?:config|context|opt(?:ion)?s?|ca(?:_?(?:file|certs?))?|cert\w*|key\w*|params|enabled?))?$|_use_ssl$/i;
const isTls = (name: string, value: CodeValue): boolean =>
  tlsName.test(name) && !isOff(value) && value.kind !== "nothing";

const encryptsSomewhere = (code: CodeFile, context: Context): boolean =>
  context.once(
    "encrypts brokers somewhere in the code",
    () =>
      settingsOf(code, context).some((s) => isTls(s.name, s.value)) ||
      code.facts.calls.some((c) =>
        /^(?:tls_set\w*|Secure|RootCAs|ClientCert|useSslProtocol|SetTLSConfig|setSocketFactory|enableTls|WithTls\w*|UseSsl)$/.test(
          c.callee.last,
        ),
      ),
  );

function inLiteral(literal: CodeLiteral, code: CodeFile, context: Context): readonly PlainBroker[] {
  const [first] = literal.text.parts;
  if (typeof first !== "string" || !/^[a-z]{3,6}:\/\//i.test(first) || !isConnectionText(literal)) return [];
  const address = addressOf(literal.text);
  const [located] = addressesIn(literalText(literal.text));
  if (address === undefined || located === undefined) return [];
  const port = located.portAt?.scalar.text ?? "";
  const scheme = address.scheme === "tcp" ? tcpPorts[port] : schemes.get(address.scheme);
  const severity = severityOf(worst(located.hosts.map(hostClass)) ?? address.class);
  if (scheme === undefined || severity === undefined || /ssl|tls/i.test(located.rest.scalar.text)) return [];
  // `host = "mqtt://" + host`: the scheme of those who gave none.
  if (address.from !== undefined && address.from === nameOf(literal)) return [];
  const isNegotiated = scheme.negotiates === true || address.scheme === "tcp";
  if ((isNegotiated || /broker/i.test(nameOf(literal))) && encryptsSomewhere(code, context)) return [];
  const { start, end } = address.at.isPlaced ? address.at : literal.text;
  const edits = (): readonly Edit[] | undefined => {
    if (scheme.secure === undefined || !address.schemeAt.isPlaced) return undefined;
    const edit = { span: { start: address.schemeAt.start, end: address.schemeAt.end }, text: scheme.secure };
    const [plain, secure] = scheme.ports ?? [];
    if (port !== plain || secure === undefined || located.portAt?.isPlaced !== true) return [edit];
    return [edit, { span: { start: located.portAt.start, end: located.portAt.end }, text: secure }];
  };
  const where = located.hosts[0] === undefined ? "a broker" : `the broker at ${located.hosts[0]}`;
  const message = `${address.scheme}:// speaks to ${where} unencrypted`;
  return [{ at: { start, end }, message, severity, guard: literal.scope.guard, edits }];
}

const nameOf = ({ use }: CodeLiteral): string =>
  (use.kind === "value" || use.kind === "argument" || use.kind === "fallback" ? use.name : undefined) ?? "";

// Hosts without a scheme

interface Hosts {
  /** The first one that is not this machine. */
  readonly text: CodeText;
  readonly host: string;
  readonly severity: "warning" | "info";
}

/** The hosts of `a:9092,b:9092`, written or as a fallback; undefined where all are this machine, or none is known. */
function hostsOf(value: CodeValue | undefined): Hosts | undefined {
  let found: Hosts | undefined;
  for (const text of textsOf(value)) {
    for (const part of (text.whole ?? "").split(",")) {
      const host = withoutPort(part.trim().replace(/^[a-z_]{1,20}:\/\//i, ""));
      const severity = host === "" ? undefined : severityOf(hostClass(host));
      if (severity === "warning") return { text, host, severity };
      if (severity === "info") found ??= { text, host, severity };
    }
  }
  return found;
}

function absent(
  value: CodeValue | undefined,
  call: Pick<CodeCall, "scope"> | undefined,
  broker: string,
  edits: () => readonly (Edit | undefined)[] = () => [],
): readonly PlainBroker[] {
  const found = hostsOf(value);
  if (found === undefined) return [];
  const all = (): readonly Edit[] | undefined => {
    const made = edits();
    return made.length > 0 && made.every((e) => e !== undefined) ? made : undefined;
  };
  const message = `${broker} at ${found.host} is spoken to unencrypted`;
  return [{ at: placeOf(found.text), message, severity: found.severity, guard: call?.scope.guard, edits: all }];
}

// Kafka's security.protocol, and switches

const protocolName = /^(?:security[._]?protocol(?:_config)?)$/i;
const bootstrap = /^(?:bootstrap[._]?servers?(?:_config)?|brokers?|metadata\.broker\.list|addrs?)$/i;

function inSetting(setting: Setting, code: CodeFile, context: Context): readonly PlainBroker[] {
  if (protocolName.test(setting.name)) return byProtocol(setting, code, context);
  const { name, value, at, of, guard } = setting;
  if (code.language === "java" && bootstrap.test(name) && /^(?:put|setProperty)$/.test(of?.last ?? "")) {
    return setsProtocol(code, context) ? [] : absent(value, undefined, "Kafka");
  }
  // Sarama.
  if (/\.Net\.TLS\.Enable$/.test(of?.text ?? "") && isOff(value)) {
    const edits = (): readonly Edit[] => [{ span: spanOf(value), text: "true" }];
    return [{ at, message: "Kafka is spoken to unencrypted", severity: "info", guard, edits }];
  }
  const beside = setting.beside;
  if (name !== "ssl" || !isOff(value) || value.kind !== "flag" || beside?.kind !== "options") return [];
  const brokers = beside.entries.find((e) => e.name === "brokers");
  if (brokers === undefined || !isKafkajs(beside, code)) return [];
  const severity = severityOfServers(brokers.value);
  if (severity === undefined) return [];
  const edits = (): readonly Edit[] => [{ span: spanOf(value), text: "true" }];
  return [{ at, message: "Kafka is spoken to unencrypted", severity, guard, edits }];
}

/** Of servers that somebody named beside an explicit no: nobody knows where the unknown ones are. */
function severityOfServers(value: CodeValue | undefined): "warning" | "info" | undefined {
  const texts = textsOf(value);
  if (texts.length === 0) return "info";
  return hostsOf(value)?.severity;
}

function byProtocol(setting: Setting, code: CodeFile, context: Context): readonly PlainBroker[] {
  const { value, at, guard } = setting;
  const [text] = textsOf(value);
  const known =
    value.kind === "variable" && /^SecurityProtocol\.\w+$/.test(value.name.text) ? value.name.last : text?.whole;
  const better = known === undefined ? undefined : encryptedProtocol(known);
  if (known === undefined || better === undefined) return [];
  const servers = besides(setting, bootstrap) ?? serversIn(setting, code, context);
  const severity = severityOfServers(servers);
  if (severity === undefined) return [];
  const sendsPassword = /^sasl/i.test(known);
  const place = value.kind === "variable" ? spanOf(value) : text === undefined ? undefined : placeOf(text);
  const isHeld = place !== undefined && (value.kind === "variable" || text?.isLiteral === true);
  const isDefault = value.kind === "lookup";
  return [
    {
      at: isDefault && place !== undefined ? place : spanOf(at),
      message: sendsPassword
        ? `${known} sends the password to Kafka unencrypted`
        : `${known} leaves the connection to Kafka unencrypted`,
      severity: sendsPassword && !isDefault ? "warning" : severity,
      guard,
      edits: () =>
        isHeld ? [{ span: place, text: value.kind === "variable" ? `SecurityProtocol.${better}` : better }] : undefined,
    },
  ];
}

/** Where servers and protocol are put into the same thing one by one. */
function serversIn({ beside }: Setting, code: CodeFile, context: Context): CodeValue | undefined {
  if (beside !== undefined) return undefined;
  return settingsOf(code, context).find((s) => bootstrap.test(s.name))?.value;
}

function encryptedProtocol(known: string): string | undefined {
  if (/^plaintext$/i.test(known)) return known === "Plaintext" ? "Ssl" : known === "plaintext" ? "ssl" : "SSL";
  if (!/^sasl_?plaintext$/i.test(known)) return undefined;
  return known === "SaslPlaintext" ? "SaslSsl" : known === "sasl_plaintext" ? "sasl_ssl" : "SASL_SSL";
}

// Clients that encrypt only when told to

const kafkajs: Library = { modules: /^kafkajs$/, members: /^Kafka$/ };
const kafkaPython: Library = {
  modules: /^(?:kafka|aiokafka|kafka\.(?:producer|consumer|admin))$/,
  members: /^(?:AIO)?Kafka(?:Producer|Consumer|AdminClient)$/,
};
const pika: Library = { modules: /^pika(?:\.connection)?$/, members: /^ConnectionParameters$/ };
const rabbitJava: Library = { modules: /^com\.rabbitmq\.client$/, members: /^ConnectionFactory\.setHost$/ };
const springRabbit: Library = {
  modules: /^org\.springframework\.amqp\.rabbit\.connection$/,
  members: /^CachingConnectionFactory(?:\.setHost)?$/,
};
const paho: Library = { modules: /^paho\.mqtt(?:\.client)?$/, members: /^(?:client\.)?Client\.connect(?:_async)?$/ };
const kafkaGo: Library = { modules: /^github\.com\/segmentio\/kafka-go$/ };
const sarama: Library = {
  modules: /^github\.com\/(?:IBM|Shopify)\/sarama$/,
  members: /^New(?:SyncProducer|AsyncProducer|Consumer|ConsumerGroup|Client|ClusterAdmin)$/,
};

const amqplib: Library = { modules: /^amqplib(?:\/callback_api)?$/, members: /^(?:\w+\.)?connect$/ };
const franz: Library = { modules: /^github\.com\/twmb\/franz-go\/pkg\/kgo$/, members: /^NewClient$/ };

/** The parts of an address instead of one. */
function ofAmqplib(call: CodeCall, { entries, isOpen }: CodeOptions): readonly PlainBroker[] {
  const valueOf = (name: string): CodeValue | undefined => entries.find((e) => e.name === name)?.value;
  const protocol = valueOf("protocol");
  if (isOpen || (protocol !== undefined && !(protocol.kind === "text" && protocol.whole === "amqp"))) return [];
  return absent(valueOf("hostname"), call, "RabbitMQ", () => [
    protocol?.inner === undefined ? undefined : { span: protocol.inner, text: "amqps" },
  ]);
}

/** A client whose options are all written here, none of them about how it dials. */
function ofFranz(call: CodeCall): readonly PlainBroker[] {
  const options = call.arguments.map((a) => a.value);
  const seeds = options.find((o) => o.kind === "call" && o.callee.last === "SeedBrokers");
  const isWritten = options.every((o) => o.kind === "call" && !/^Dial/.test(o.callee.last));
  return isWritten && seeds?.kind === "call" ? absent(seeds.arguments[0]?.value, call, "Kafka") : [];
}

function isKafkajs(options: CodeOptions, { facts }: CodeFile): boolean {
  return facts.calls.some((c) => isOf(c.callee, kafkajs) && c.arguments.some((a) => a.value.start === options.start));
}

const named = (call: CodeCall, name: RegExp): boolean =>
  call.arguments.some((a) => a.name !== undefined && name.test(a.name));

function byCall(call: CodeCall, code: CodeFile, context: Context): readonly PlainBroker[] {
  const { callee, arguments: given, isOpen } = call;
  if (isOpen) return [];
  const [first] = given;
  if (isOf(callee, kafkajs) && first?.value.kind === "options") {
    const options = first.value;
    if (options.isOpen || options.entries.some((e) => e.name === "ssl")) return [];
    const brokers = options.entries.find((e) => e.name === "brokers")?.value;
    return absent(brokers, call, "Kafka", () => [withEntry(code, options, "ssl: true")]);
  }
  if (isOf(callee, kafkaPython)) {
    if (named(call, /^(?:security_protocol|ssl\w*)$/)) return [];
    const protocol = named(call, /^sasl/) ? "SASL_SSL" : "SSL";
    return absent(argumentOf(call, 99, "bootstrap_servers"), call, "Kafka", () => [
      withArgument(call, `security_protocol="${protocol}"`),
    ]);
  }
  if (isOf(callee, pika)) {
    if (named(call, /^ssl/)) return [];
    return absent(argumentOf(call, 0, "host"), call, "RabbitMQ");
  }
  if (isOf(callee, rabbitJava) || isOf(callee, springRabbit) || isOf(callee, paho)) {
    if (encryptsSomewhere(code, context)) return [];
    const isMqtt = isOf(callee, paho);
    const port = argumentOf(call, 1, "port");
    if (isMqtt && port?.kind === "amount" && port.value !== 1883) return [];
    return absent(argumentOf(call, 0, "host"), call, isMqtt ? "The MQTT broker" : "RabbitMQ");
  }
  if (isOf(callee, amqplib) && first?.value.kind === "options") return ofAmqplib(call, first.value);
  if (isOf(callee, franz)) return ofFranz(call);
  if (isOf(callee, sarama)) {
    if (code.facts.assignments.some((a) => /\.Net\.TLS\./.test(a.target.text))) return [];
    return absent(first?.value, call, "Kafka");
  }
  return [];
}

function byOptions(options: CodeOptions, code: CodeFile, context: Context): readonly PlainBroker[] {
  const { type, entries, isOpen } = options;
  if (isOpen) return [];
  const has = (name: RegExp): boolean => entries.some((e) => name.test(e.name));
  const valueOf = (name: RegExp): CodeValue | undefined => entries.find((e) => name.test(e.name))?.value;
  // confluent-kafka and node-rdkafka.
  if (has(/^(?:bootstrap\.servers|metadata\.broker\.list)$/)) {
    if (has(/^(?:security\.protocol|ssl\..*)$/) || setsProtocol(code, context)) return [];
    const servers = valueOf(/^(?:bootstrap\.servers|metadata\.broker\.list)$/);
    const entry = code.language === "javascript" ? '"security.protocol": "ssl"' : '"security.protocol": "SSL"';
    return absent(servers, undefined, "Kafka", () => [withEntry(code, options, entry)]);
  }
  // NestJS hands these to kafkajs.
  if (has(/^brokers$/) && has(/^clientId$/) && code.facts.imports.some((i) => i.module === "@nestjs/microservices")) {
    const edits = (): readonly (Edit | undefined)[] => [withEntry(code, options, "ssl: true")];
    return has(/^ssl$/) ? [] : absent(valueOf(/^brokers$/), undefined, "Kafka", edits);
  }
  if (type === undefined) return [];
  if (isOf(type, { ...kafkaGo, members: /^(?:Writer(?:Config)?|ReaderConfig)$/ })) {
    if (has(/^(?:Transport|Dialer)$/) || code.facts.assignments.some((a) => a.target.last === "TLS")) return [];
    const address = valueOf(/^(?:Addr|Brokers)$/);
    const servers = address?.kind === "call" && address.callee.last === "TCP" ? address.arguments[0]?.value : address;
    return absent(servers, undefined, "Kafka", () => goTls(options, code, type.last));
  }
  // Confluent.Kafka.
  if (/^(?:Producer|Consumer|Client|AdminClient)Config$/.test(type.last) && has(/^BootstrapServers$/)) {
    if (has(/^(?:SecurityProtocol|Ssl\w+)$/) || setsProtocol(code, context)) return [];
    const edits = (): readonly (Edit | undefined)[] => [
      withEntry(code, options, "SecurityProtocol = SecurityProtocol.Ssl"),
    ];
    return absent(valueOf(/^BootstrapServers$/), undefined, "Kafka", edits);
  }
  const ssl = valueOf(/^Ssl$/);
  const isPlain = code.facts.options.some(
    (o) => ssl !== undefined && contains(ssl, o) && o.entries.some((e) => e.name === "Enabled" && isOff(e.value)),
  );
  if (isPlain && type.last === "ConnectionFactory") return absent(valueOf(/^HostName$/), undefined, "RabbitMQ");
  if (type.last === "ConnectionFactory" && has(/^HostName$/) && !has(/^Ssl$/) && !encryptsSomewhere(code, context)) {
    const isSet = code.facts.assignments.some((a) => /\.Ssl(?:\.|$)/.test(a.target.text));
    return isSet ? [] : absent(valueOf(/^HostName$/), undefined, "RabbitMQ");
  }
  return [];
}

const goTls = (options: CodeOptions, code: CodeFile, type: string): readonly (Edit | undefined)[] => {
  const own = code.facts.imports.find((i) => kafkaGo.modules.test(i.module))?.local ?? "kafka";
  const field =
    type === "Writer"
      ? `Transport: &${own}.Transport{TLS: &tls.Config{}}`
      : `Dialer: &${own}.Dialer{TLS: &tls.Config{}}`;
  return [...importing(code, "crypto/tls"), withEntry(code, options, field)];
};

/** Whether the protocol is set later on, or in options that others take over. */
const setsProtocol = (code: CodeFile, context: Context): boolean =>
  settingsOf(code, context).some((s) => protocolName.test(s.name) && besides(s, bootstrap) === undefined);
