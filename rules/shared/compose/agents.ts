/** Programs that people run in a container to watch the host that it runs on. */
import type { Context, Service } from "../../../engine/index";
import { imageOf } from "./images";

/** General knowledge, 2026-08. */
const agents = new RegExp(
  `(?:^|[/_.-])(?:${[
    "(?:node|process|systemd|dcgm)[-_]exporter",
    "cadvisor",
    "datadog",
    "datadoghq",
    "falco",
    "falcosecurity",
    "tracee",
    "tetragon",
    "cilium",
    "hubble",
    "sysdig",
    "netdata",
    "telegraf",
    "glances",
    "oneagent",
    "newrelic[-/]infrastructure",
    "infrastructure-bundle",
    "zabbix-agent2?",
    "wazuh-agent",
    "osquery",
    "(?:metric|audit|packet)beat",
    "elastic-agent",
    "instana",
    "parca-agent",
    "pyroscope",
    "beyla",
    "alloy",
    "ebpf",
    "inspektor-gadget",
    "coroot-node-agent",
    "opentelemetry-collector(?:-\\w+)?",
    "netshoot",
    "htop",
    "ctop",
  ].join("|")})(?:$|[/_.-])`,
);

/** Told by the image; by the service's name where the image is not known. */
export function isHostAgent(service: Service, context: Context): boolean {
  const reference = service.image?.reference ?? imageOf(service, context);
  return agents.test(reference === undefined ? service.name : reference.repository);
}
