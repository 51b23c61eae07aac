/** Programs that read a host's files and processes to report on them. */
import { type Context, parseReference, type Service } from "../../../engine/index";
import { imageSet } from "../images/match";
import { isHostAgent } from "./agents";
import { imageOf } from "./images";

/** Those that ship logs or back files up. General knowledge, 2026-08. */
const isReader = imageSet([
  "promtail*",
  "alloy",
  "grafana/agent",
  "filebeat*",
  "fluentd*",
  "fluent-bit*",
  "vector",
  "logspout*",
  "beszel-agent",
  "crowdsec",
  "signoz*",
  "node_exporter",
  "scrutiny*",
  "dashdot",
  "*backup*",
  "restic*",
  "borg*",
  "duplicati*",
  "kopia*",
  "trivy*",
  "clamav*",
  "lynis",
  "docker-bench-security",
]);

/** Whether it only reads what it is shown of the host; its name tells where its image is not known. */
export function isHostWatcher(service: Service, context: Context): boolean {
  const reference = imageOf(service, context) ?? parseReference(service.name.toLowerCase());
  return isHostAgent(service, context) || (reference !== undefined && isReader(reference));
}

const isAcmeImage = imageSet(["certbot*", "certbot/*", "*acme*", "lego", "goacme/*", "swag*", "*letsencrypt*"]);

/** It asks for certificates and keeps them. */
export function isAcmeClient(service: Service, context: Context): boolean {
  const reference = imageOf(service, context);
  return reference !== undefined && isAcmeImage(reference);
}
