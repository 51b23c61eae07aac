/** Services that live in another one's container, or in the host's network, because that is their purpose. */
import type { Context, Service } from "../../../engine/index";
import { imageSet } from "../images/match";
import { isHostAgent } from "./agents";
import { imageOf, serverOf } from "./images";

/** General knowledge, 2026-08. */
const isTunnelImage = imageSet([
  "gluetun*",
  "*wireguard*",
  "wg-easy",
  "*openvpn*",
  "*tailscale*",
  "headscale",
  "zerotier*",
  "netbird*",
  "*nordvpn*",
  "*nordlynx*",
  "*protonvpn*",
  "*mullvad*",
  "*surfshark*",
  "*expressvpn*",
  "*privateinternetaccess*",
  "warp",
  "warp-*",
  "*-warp",
  "cloudflared",
  "*vpn*",
  "tor",
  "tor-*",
  "torproxy",
  "nebula",
]);
const tunnelNames =
  /(?:^|[-_])(?:vpn|gluetun|wireguard|wg|openvpn|tailscale|ts|zerotier|netbird|warp|tunnel)(?:$|[-_\d])/i;

/** The way into or out of a private network. */
export function isTunnel(service: Service, context: Context): boolean {
  const reference = imageOf(service, context);
  return (reference !== undefined && isTunnelImage(reference)) || tunnelNames.test(service.name);
}

const isSidecarImage = imageSet([
  "envoy*",
  "daprd*",
  "daprio/dapr",
  "consul*",
  "linkerd*",
  "istio/proxyv2",
  "ghostunnel",
  "oauth2-proxy",
  "netshoot",
  "busybox",
  "tcpdump*",
  "wireshark",
  "toxiproxy",
  "mitmproxy",
  "*exporter",
  "*_exporter",
]);
const sidecarNames =
  /(?:^|[-_])(?:dapr|daprd|envoy|proxy|sidecar|debug|debugger|netshoot|exporter|pause|infra)(?:$|[-_\d])/i;

/** It stands beside one other service, for its traffic or for those who look into it. */
export function isSidecar(service: Service, context: Context): boolean {
  const reference = imageOf(service, context);
  if (reference !== undefined && isSidecarImage(reference)) return true;
  return sidecarNames.test(service.name) || serverOf(service, context)?.kind === "gateway";
}

/** Discovery by broadcast or multicast, DHCP, name service: what a network of containers does not pass on. */
const isNetworkImage = imageSet([
  "home-assistant*",
  "homeassistant*",
  "homebridge*",
  "hass*",
  "esphome*",
  "python-matter-server",
  "matter-server*",
  "music-assistant*",
  "scrypted*",
  "*-otbr*",
  "pms-docker*",
  "plex*",
  "jellyfin*",
  "emby*",
  "minidlna*",
  "*dlna*",
  "*snapserver*",
  "*snapcast*",
  "*shairport*",
  "roon*",
  "pihole*",
  "adguardhome*",
  "dnsmasq*",
  "*dhcp*",
  "*unbound*",
  "bind9*",
  "coredns*",
  "*avahi*",
  "*mdns*",
  "*wsdd*",
  "unifi*",
  "omada-controller*",
  "keepalived*",
  "fail2ban*",
  "*firewall-bouncer*",
  "watchyourlan*",
  "upsnap*",
  "*wakeonlan*",
  "netboot*",
  "frr*",
  "bird",
  "bird2",
  "ntopng*",
  "suricata*",
  "snort*",
  "zeek*",
  "arpwatch*",
  "netalertx*",
  "pi.alert*",
  "coturn*",
  "livekit-server",
  "smokeping*",
  "speedtest*",
]);

/** It does its work in the network of the host itself. */
export function needsHostNetwork(service: Service, context: Context): boolean {
  const reference = imageOf(service, context);
  if (reference !== undefined && isNetworkImage(reference)) return true;
  return isTunnel(service, context) || isHostAgent(service, context);
}
