import {
  type Context,
  type Fix,
  fixIn,
  type Report,
  rule,
  type Service,
  type ServiceMount,
  type Setting,
} from "../../engine/index";
import { boundDevice, hostSource, namesOf, usesOf, withoutMount, writtenPath } from "../shared/compose/host-paths";
import { behindProxy } from "../shared/compose/socket-proxy";
import {
  type EngineSocket,
  engineSocket,
  isMadeForSocket,
  isSocketProxy,
  mountedSocket,
} from "../shared/compose/sockets";

/** The proxy hands orders on that change something. */
const isWideOpen = (proxy: Service): boolean =>
  ["POST", "EXEC"].some((name) => /^(?:1|true|yes)$/i.test(proxy.variable(name)?.value?.scalar.text ?? ""));

const socketOf = (mount: ServiceMount): EngineSocket | undefined => {
  const source = hostSource(mount);
  return source && mountedSocket(source, mount);
};

function fixesOf(
  service: Service,
  mount: ServiceMount,
  source: Setting,
  socket: EngineSocket,
  context: Context,
): Fix[] {
  const use = { service, mount };
  const condemned = service.mounts.filter((m) => socketOf(m) !== undefined);
  const removal = fixIn(context.file, "Remove the socket mount", "unsafe", withoutMount(use, condemned));
  const isPlain = socket.engine === "docker" && socket.form === "socket" && source.isLiteral;
  const path = isPlain && source.scalar.text.startsWith("/") ? source.scalar.text : undefined;
  const proxied = path === undefined ? undefined : behindProxy(use, path, context.file);
  const all = isMadeForSocket(service, context) ? [proxied, removal] : [removal, proxied];
  return all.filter((f) => f !== undefined);
}

function reportMount(mount: ServiceMount, service: Service, report: Report, context: Context): void {
  const source = hostSource(mount);
  const socket = socketOf(mount);
  if (source === undefined || socket === undefined) return;
  const path = writtenPath(source);
  if (isSocketProxy(service, context)) {
    const message = `${service.name} hands on what ${path} lets do: let only its clients reach it`;
    report(source, message, { severity: isWideOpen(service) ? "warning" : "info" });
    return;
  }
  const fix = (): Fix[] => fixesOf(service, mount, source, socket, context);
  if (isMadeForSocket(service, context)) {
    const message = `${service.name} can control the host through ${path}: put a socket proxy between them`;
    report(source, message, { severity: "warning", fix });
    return;
  }
  const what = socket.form === "socket" ? path : `${path}, where the engine's socket lies`;
  report(source, `${service.name} can control the host: it mounts ${what}`, { fix });
}

export default rule({
  id: "compose/docker-socket-mount",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "The container engine's socket mounted into a service",
  why: `Whoever can talk to the engine's socket is root on the host: \`docker run -v /:/host --privileged …\` needs nothing else, and
\`:ro\` only keeps the socket file from being deleted. A fault in one web program thus costs the whole machine. Leave the mount
away; a program that must watch containers asks a socket proxy instead, which lets it read and refuses the rest.`,
  refs: ["CIS 5.32", "CWE-250", "OWASP D1"],
  covers: ["kics:docker_socket_mounted_in_container", "semgrep:exposing-docker-socket-volume"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - «/var/run/docker.sock»:/var/run/docker.sock:ro
              - data:/data
        volumes:
          data:
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - data:/data
        volumes:
          data:
        `,
      note: "read-only is no protection",
    },
    {
      bad: `
        services:
          a: { image: "acme/app:1.2.3", volumes: ["\${DOCKER_SOCK:-«/var/run/docker.sock»}:/var/run/docker.sock:ro"] }
          b:
            image: acme/app:1.2.3
            volumes:
              - «\${DOCKER_SOCKET}»:/engine
              - «\${SOURCE}»:/run/docker.sock
              - «/var/run»:/var/run
              - ./src:/src
        `,
      fixed: `
        services:
          a: { image: "acme/app:1.2.3" }
          b:
            image: acme/app:1.2.3
            volumes:
              - ./src:/src
        `,
      note: "behind variables, and the folder of it",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - «/run/user/1000/podman/podman.sock»:/var/run/docker.sock
              - type: bind
                source: «$XDG_RUNTIME_DIR/docker.sock»
                target: /docker.sock
              - type: npipe
                source: «\\\\.\\pipe\\docker_engine»
                target: \\\\.\\pipe\\docker_engine
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
        `,
      note: "of other engines and users",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - socket:/var/run/docker.sock
          api:
            image: acme/api:1.2.3
            use_api_socket: «true»
        volumes:
          socket:
            driver_opts:
              type: none
              o: bind
              device: «/var/run/docker.sock»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
          api:
            image: acme/api:1.2.3
        volumes:
          socket:
            driver_opts:
              type: none
              o: bind
              device: /var/run/docker.sock
        `,
      note: "a named volume, and compose's own key",
    },
    {
      bad: `
        services:
          watcher:
            image: containrrr/watchtower:1.7.1
            volumes:
              - «/var/run/docker.sock»:/var/run/docker.sock
        `,
      fixed: `
        services:
          docker-proxy:
            image: tecnativa/docker-socket-proxy:v0.4.2
            environment:
              CONTAINERS: "1"
              POST: "0"
            volumes:
              - /var/run/docker.sock:/var/run/docker.sock:ro
            networks:
              - docker-api
          watcher:
            image: containrrr/watchtower:1.7.1
            environment:
              DOCKER_HOST: tcp://docker-proxy:2375
            networks:
              - default
              - docker-api
        networks:
          docker-api:
            internal: true
        `,
      severity: "warning",
      remains: "the proxy itself has the socket, which is said more quietly",
      note: "made to use it",
    },
    {
      bad: `
        services:
          docker-proxy:
            image: tecnativa/docker-socket-proxy:v0.4.2
            environment: { CONTAINERS: 1 }
            volumes: ["«/var/run/docker.sock»:/var/run/docker.sock:ro"]
        `,
      severity: "info",
      note: "the proxy itself: nothing is offered",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./docker.sock.txt:/x
              - ./fake.sock:/var/run/docker.sock
              - sock:/var/run
              - /var/run/postgresql:/var/run/postgresql
              - /run/dbus/system_bus_socket:/run/dbus/system_bus_socket:ro
              - \${DATA}:/data
              - \${DIR}/proxy.sock:/var/run/docker.sock
        volumes:
          sock:
        `,
      note: "only the host's side counts where it is known",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            use_api_socket: false
        volumes:
          socket:
            driver_opts: { type: none, o: bind, device: /var/run/docker.sock }
        `,
      note: "nobody mounts the volume",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - /var/run/docker.sock:/var/run/docker.sock
        -- compose.override.yaml --
        services:
          app:
            volumes: !reset []
        `,
      note: "the override takes it back",
    },
  ],
  check: {
    mount: reportMount,
    service(service, report, context) {
      const api = service.setting("use_api_socket");
      if (api === undefined || !api.value.known || api.value.value !== "true") return;
      report(api, `${service.name} can control the host: compose gives it the engine's socket`, {
        fix: () => fixIn(context.file, "Remove use_api_socket", "unsafe", api.removeAll() ?? [undefined]),
      });
    },
    volume(volume, project, report, context) {
      const device = boundDevice(volume);
      if (device === undefined || engineSocket(device) === undefined) return;
      const uses = usesOf(volume.name, project);
      if (uses.length === 0) return;
      const names = namesOf(uses.map((u) => u.service));
      report(device, `Whoever mounts ${volume.name} can control the host through ${writtenPath(device)}: ${names}`, {
        fix: () =>
          fixIn(
            context.file,
            `Unmount ${volume.name}`,
            "unsafe",
            uses.flatMap((use) => withoutMount(use)),
          ),
      });
    },
  },
});
