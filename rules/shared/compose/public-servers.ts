/** Servers that are there for other machines: name servers, mail, tunnels, calls. */
import type { PublishedPort, Service } from "../../../engine/index";
import { targetsOf } from "./publishing";

interface PublicServer {
  /** The service's name or its image says so. */
  readonly words: RegExp;
  /** Ports of the container or of the host; all of them where left out. */
  readonly ports?: readonly number[];
}

const nameServer: PublicServer = {
  words: /dns|pi-?hole|adguard|\bbind9?\b|unbound|technitium|blocky|\bknot\b|\bnsd\b|consul|freeipa|samba/i,
  // 67: they hand out addresses as well.
  ports: [53, 67, 853],
};
const mailServer: PublicServer = {
  words: /mail|postfix|dovecot|exim|smtpd|smtp-?relay|maddy|stalwart|poste\.io|haraka|\bmx\b/i,
  ports: [25, 110, 143, 465, 587, 993, 995, 4190],
};
const tunnel: PublicServer = {
  words: /wireguard|\bwg\b|wg-easy|openvpn|ipsec|strongswan|tailscale|netbird|\bvpn\b/i,
  ports: [51820, 51821, 1194, 500, 4500],
};
/** They take a port for every call, stream or transfer. */
const media: PublicServer = {
  words:
    /turn|asterisk|freeswitch|freepbx|kamailio|opensips|rtp|janus|livekit|jitsi|\bjvb\b|mediasoup|mediamtx|kurento|openvidu|webrtc|\bsfu\b|\bsip\b|voip|galene|ant-media|3cx|ftp/i,
};

const says = ({ name, image }: Service, { words }: PublicServer): boolean =>
  words.test(`${name} ${image?.scalar.text ?? ""}`);

/** A port of the host that is the one for what the service does: 53 of a name server. */
export const isItsOwnPort = (port: number, service: Service): boolean =>
  [nameServer, mailServer, tunnel].some((s) => s.ports?.includes(port) === true && says(service, s));

export const isMediaServer = (service: Service): boolean => says(service, media);

/** Nobody would bind it to the host alone. */
export function isForOthers(port: PublishedPort, service: Service): boolean {
  const targets = targetsOf(port) ?? [];
  if (targets.length > 0 && targets.every((n) => isItsOwnPort(n, service))) return true;
  return isMediaServer(service) && port.protocol.known && port.protocol.value === "udp";
}
