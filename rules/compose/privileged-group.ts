import { fixIn, rule, type Setting } from "../../engine/index";
import { withoutItem } from "../shared/compose/hardening";

/** What each of the groups opens. */
const powerful: ReadonlyMap<string, string> = new Map([
  ["root", "to which images leave files to write"],
  ["docker", "which controls the engine and so the host"],
  ["disk", "which reads and writes raw disks"],
  ["shadow", "which reads the hashes of passwords"],
  ["sudo", "which may become root"],
  ["wheel", "which may become root"],
  ["kmem", "which reads the kernel's memory"],
]);

const dockerNumber = /docker_?(?:sock(?:et)?_?)?(?:gid|group|grp)/i;

/** The variables that decide the text, those that a default stands for included. */
const variablesOf = (group: Setting): readonly string[] =>
  (group.scalar.pieces ?? []).flatMap(({ how, variable, node, from }) => {
    if (variable !== undefined || how !== "default") return variable ?? [];
    return /\$\{(\w+):?-$/.exec(node?.text.slice(0, from) ?? "")?.[1] ?? [];
  });

/** The name of a group that is as good as root; a number is known by the name of its variable. */
function powerfulGroup(group: Setting): string | undefined {
  if (variablesOf(group).some((name) => dockerNumber.test(name))) return "docker";
  if (!group.value.known) return undefined;
  const name = group.value.value;
  return /^0+$/.test(name) ? "root" : powerful.has(name) ? name : undefined;
}

export default rule({
  id: "compose/privileged-group",
  kind: "compose",
  severity: "warning",
  principle: "least-privilege",
  summary: "A service's user gets a group that is as good as root",
  why: `The user of the service may be an ordinary one, but its extra groups open doors: with \`docker\` and the mounted socket it
starts a container that mounts the host's disk, with \`disk\` it reads raw devices, with \`root\` it may change the files that the
image leaves to the group 0. Leave the group out; give the service files of its own group, or a proxy before the socket that allows
the few calls that it makes.`,
  refs: ["CWE-250"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          agent:
            image: acme/agent:1.2.3
            user: "1000"
            group_add:
              - video
              - «docker»
        `,
      fixed: `
        services:
          agent:
            image: acme/agent:1.2.3
            user: "1000"
            group_add:
              - video
        `,
    },
    {
      bad: `
        services:
          agent:
            image: acme/agent:1.2.3
            group_add: [«0», "«wheel»"]
          runner:
            image: acme/runner:1.2.3
            group_add:
              - "\${DOCKER_GID:-«999»}"
        `,
      fixed: `
        services:
          agent:
            image: acme/agent:1.2.3
          runner:
            image: acme/runner:1.2.3
        `,
    },
    {
      bad: `
        services:
          runner:
            image: acme/runner:1.2.3
            group_add:
              - «\${DOCKER_GID}» # see getent group docker
              - "1001"
        `,
      fixed: `
        services:
          runner:
            image: acme/runner:1.2.3
            group_add:
              - "1001"
        `,
      note: "whatever its number",
    },
    { good: 'services:\n  a:\n    image: acme/a:1.2.3\n    group_add: [audio, video, render, "1001", mail]\n' },
    { good: 'services:\n  a:\n    image: acme/a:1.2.3\n    group_add: [ "${APP_GID}", "${RENDER_GID:-989}" ]\n' },
    { good: "services:\n  a:\n    image: acme/a:1.2.3\n    labels: [docker, root]\n", note: "no groups" },
  ],
  check: {
    service(service, report, context) {
      const found = service.settings("group_add").flatMap((at) => {
        const name = powerfulGroup(at);
        return name === undefined ? [] : [{ at, name }];
      });
      for (const { at, name } of found) {
        const fix = () => {
          const edits = withoutItem(
            service.part("group_add"),
            at,
            found.map((f) => f.at),
            context,
          );
          return edits && fixIn(context.file, `Leave the group ${name} out`, "unsafe", [{ edits }]);
        };
        report(at, `The user of ${service.name} gets the group ${name}, ${powerful.get(name)}`, { fix });
      }
    },
  },
});
