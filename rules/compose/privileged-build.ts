import { type Context, type FileEdits, fixIn, rule, type Service, type Setting } from "../../engine/index";
import { withoutItem } from "../shared/compose/hardening";

interface Found {
  readonly at: Setting;
  /** Continues "The build of <service> …". */
  readonly does: string;
  readonly title: string;
  readonly removal: () => readonly (FileEdits | undefined)[];
}

/** After the entitlements of the compose build specification. */
const opened: ReadonlyMap<string, string> = new Map([
  ["security.insecure", "may run steps with all rights on the builder"],
  ["network.host", "may run steps in the builder's own network"],
  ["device", "may use the builder's devices"],
]);

const says = (setting: Setting | undefined, text: string): setting is Setting =>
  setting?.value.known === true && setting.value.value === text;

function switchesOf({ build }: Service): readonly Found[] {
  const found: Found[] = [];
  const add = (at: Setting, does: string, title: string): void => {
    found.push({ at, does, title, removal: () => at.removeAll() ?? [] });
  };
  if (says(build?.privileged, "true")) add(build.privileged, "runs privileged on the builder", "Remove privileged");
  if (says(build?.network, "host")) add(build.network, "runs in the builder's own network", "Remove network: host");
  return found;
}

function entitlementsOf(service: Service, context: Context): readonly Found[] {
  const open = (service.build?.entitlements ?? []).flatMap((at) => {
    const name = at.value.known ? at.value.value.replace(/=.*/s, "") : "";
    const does = opened.get(name);
    return does === undefined ? [] : [{ at, does, title: `Remove the entitlement ${name}` }];
  });
  const condemned = open.map(({ at }) => at);
  return open.map((one) => {
    const list = service.part("build", "entitlements");
    return { ...one, removal: () => [{ edits: withoutItem(list, one.at, condemned, context) ?? [] }] };
  });
}

export default rule({
  id: "compose/privileged-build",
  kind: "compose",
  severity: "warning",
  principle: "build",
  summary: "An image is built with the rights, devices or network of the builder",
  why: `A build runs code that strangers wrote: the install scripts of every package. In the sandbox they can spoil the image; with
\`privileged\`, \`security.insecure\` or the builder's own network they reach the build machine, take the tokens of other projects
from its disk, or ask the cloud's metadata service for its credentials. Remove the switch, and do the one step that needs it on a
machine of its own.`,
  refs: ["CWE-250", "BuildKit entitlements"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            build:
              context: .
              privileged: «true»
              network: «host» # for the proxy
          tool: { build: { context: ./tool, network: "«host»" } }
        `,
      fixed: `
        services:
          app:
            build:
              context: .
          tool: { build: { context: ./tool } }
        `,
    },
    {
      bad: `
        services:
          app:
            build:
              context: .
              entitlements:
                - «network.host»
                - «security.insecure»
          gpu:
            build:
              context: ./gpu
              entitlements: [«device=vendor.example/gpu»]
        `,
      fixed: `
        services:
          app:
            build:
              context: .
          gpu:
            build:
              context: ./gpu
        `,
    },
    {
      bad: `
        x-build: &build
          context: .
          network: \${BUILD_NETWORK:-«host»}
        services:
          a:
            build: { <<: *build, target: a }
          b:
            build: { <<: *build, target: b }
        `,
      fixed: `
        x-build: &build
          context: .
        services:
          a:
            build: { <<: *build, target: a }
          b:
            build: { <<: *build, target: b }
        `,
    },
    { good: "services:\n  app:\n    build:\n      context: .\n      network: none\n      privileged: false\n" },
    {
      good: "services:\n  app:\n    build: .\n  other:\n    build: { context: ., entitlements: [], network: build }\n",
    },
    {
      good: "services:\n  app:\n    build:\n      context: .\n      network: ${NETWORK}\n      args: [network=host]\n",
    },
    {
      good: `
        services:
          app:
            build:
              context: .
              network: host
        -- compose.override.yaml --
        services:
          app:
            build:
              network: default
        `,
      note: "the override takes it back",
    },
  ],
  check: {
    service(service, report, context) {
      for (const { at, does, title, removal } of [...switchesOf(service), ...entitlementsOf(service, context)]) {
        report(at, `The build of ${service.name} ${does}`, {
          fix: () => fixIn(context.file, title, "unsafe", removal()),
        });
      }
    },
  },
});
