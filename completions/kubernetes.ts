/** What is offered in manifests: entries and values of the restricted Pod Security Standard, and limits. */
import {
  type Container,
  isTemplate,
  ManifestFile,
  type Manifest,
  maskTemplate,
  type Pod,
  type RuleId,
  type YamlCursor,
  type YamlPath,
  yamlCursor,
} from "../engine/index";
import { isForWindows } from "../rules/shared/kubernetes/pod-security";
import { imageOffers } from "./images";
import { lineStart, type Offer, type Request } from "./offer";
import { snippetsFor } from "./snippets";
import { type Entry, entryOffers, hangOf, mapOf, plainScalar, valueOffer } from "./yamlEntries";

/** Lines of Jinja, whose files are no YAML before they are filled in. */
const jinja = /^[ \t]{0,40}\{%/m;

export function kubernetesOffers(request: Request): readonly Offer[] {
  const cursor = cursorIn(request);
  if (cursor === undefined) return [];
  if (cursor.alone) return documentOffers(cursor);
  // The text around the cursor alone is read: other documents say nothing about this one.
  const { manifests } = new ManifestFile(request.file, cursor.document.origin.text, "whole", undefined);
  for (const manifest of manifests) {
    for (const pod of manifest.pods) {
      if (isForWindows(pod)) continue;
      const offers = podOffers(cursor, pod, request.today);
      if (offers !== undefined) return offers;
    }
    const offers = objectOffers(cursor, manifest);
    if (offers !== undefined) return offers;
  }
  return [];
}

export const documentOffers = ({ span, column, alone }: YamlCursor): readonly Offer[] =>
  alone && column === 0 ? snippetsFor({ place: "kubernetes-document", span }) : [];

/** In a template only where no action prints entries beside those that can be seen. */
function cursorIn({ text, offset }: Request): YamlCursor | undefined {
  if (!isTemplate(text)) return yamlCursor(text, offset);
  if (jinja.test(text)) return undefined;
  const masked = maskTemplate(text);
  const line = lineStart(text, offset);
  if (masked.text.length !== text.length || masked.text.slice(line, offset) !== text.slice(line, offset))
    return undefined;
  const cursor = yamlCursor(masked.text, offset);
  return cursor === undefined || cursor.alone || masked.printsAt(cursor.around) ? undefined : cursor;
}

/** Undefined where the place is not of this pod. */
function podOffers(cursor: YamlCursor, pod: Pod, today: string): readonly Offer[] | undefined {
  for (const container of pod.containers) {
    const below = pathBelow(cursor.path, container.field.node.path);
    if (below !== undefined) return containerOffers(cursor, container, below, today);
  }
  const below = pathBelow(cursor.path, pod.spec.node.path);
  return below === undefined || pod.certainty !== "exact" ? undefined : specOffers(cursor, pod, below);
}

/** What follows the beginning, joined; undefined where the path begins otherwise. */
function pathBelow(path: YamlPath, beginning: YamlPath): string | undefined {
  if (!beginning.every((step, i) => path[i] === step)) return undefined;
  return path.slice(beginning.length).join(".");
}

const profile: Entry = {
  key: "seccompProfile",
  value: "\n  type: RuntimeDefault",
  detail: "only the system calls that programs need",
  note: "The runtime's filter keeps a container from hundreds of system calls of the kernel that hardly any program uses, and attacks do.",
  rules: ["kubernetes/seccomp-profile-missing"],
};
const nonRoot: Entry = {
  key: "runAsNonRoot",
  value: "true",
  detail: "refuses to start as root",
  note: "The kubelet does not start the container where its image would run as root.",
  rules: ["kubernetes/non-root-not-enforced", "kubernetes/root-user"],
};
const drop: Entry = {
  key: "drop",
  value: "[ALL]",
  detail: "no capabilities of root",
  note: "The runtime gives every container a dozen powers of root by default; hardly any program needs one.",
  rules: ["kubernetes/capabilities-not-dropped", "kubernetes/dangerous-capability"],
};
const user: Entry = {
  key: "runAsUser",
  value: "${1:10001}",
  detail: "not root, and no account of the node",
  note: "A number above 10000 belongs to no account of the node, so that a break-out is nobody there.",
  rules: ["kubernetes/root-user", "kubernetes/low-user-id"],
};
const group: Entry = {
  key: "runAsGroup",
  value: "${1:10001}",
  detail: "not the group of root",
  note: "Files of the group root are open to a container that runs in it.",
  rules: ["kubernetes/root-group", "kubernetes/low-user-id"],
};

/** Keys of a container's security context. */
const contextEntries: readonly Entry[] = [
  {
    key: "allowPrivilegeEscalation",
    value: "false",
    detail: "no program gains rights by sudo or a set-user-id file",
    note: "A program inside can never have more rights than it was started with.",
    rules: ["kubernetes/privilege-escalation-allowed"],
  },
  {
    key: "readOnlyRootFilesystem",
    value: "true",
    detail: "nobody can replace the program's own files",
    note: "The container's own files cannot be written to: a break-in leaves nothing behind. Mount an emptyDir where it must write.",
    rules: ["kubernetes/writable-root-filesystem"],
  },
  nonRoot,
  { ...drop, key: "capabilities", value: "\n  drop: [ALL]" },
  profile,
];

const resources: Entry = {
  key: "resources",
  value: "\n  requests: { cpu: ${1:100m}, memory: ${2:128Mi} }\n  limits: { memory: ${3:256Mi} }",
  detail: "one container cannot take all of its node",
  note: "The scheduler finds a node with room, and a container that leaks or is attacked is stopped before its neighbours are.",
  rules: ["kubernetes/memory-limit-missing", "kubernetes/resource-requests-missing"],
};

/** What of the restricted level the container lacks and its pod does not give. */
function contextOf(container: Container): readonly Entry[] {
  const given = container.pod.securityContext;
  return contextEntries.filter(({ key }) => given?.has(key) !== true);
}

const contextBlock = (entries: readonly Entry[]): string => `\n${mapOf(entries)}`.replaceAll("\n", "\n  ");

function containerOffers(
  cursor: YamlCursor,
  container: Container,
  below: string,
  today: string,
): readonly Offer[] | undefined {
  const { kind } = cursor;
  if (kind === "value") return below === "image" ? imageTags(cursor, today) : valueOffers(cursor, below);
  if (kind === "item") return below.startsWith("securityContext.capabilities.drop.") ? dropAll(cursor) : [];
  const context = contextOf(container);
  switch (below) {
    case "":
      return [
        ...entryOffers(cursor, [
          {
            key: "securityContext",
            value: contextBlock(context),
            detail: "what the restricted Pod Security Standard wants",
            note: "All that keeps a taken-over program from gaining rights or replacing its own files, as far as the pod does not say it yet.",
            rules: [...new Set(context.flatMap((entry) => entry.rules))],
          },
          ...(container.role === "ephemeral" ? [] : [resources]),
        ]),
        ...partSnippets(cursor, "kubernetes-container"),
      ];
    case "securityContext":
      return entryOffers(cursor, [...contextEntries, user, group], {
        entries: context,
        detail: "what the restricted Pod Security Standard wants",
        note: "All that keeps a taken-over program from gaining rights or replacing its own files, as far as it is not said yet.",
      });
    case "securityContext.capabilities":
      return entryOffers(cursor, [drop]);
    case "securityContext.seccompProfile":
      return entryOffers(cursor, [{ ...profile, key: "type", value: "RuntimeDefault" }]);
    default:
      return [];
  }
}

const token: Entry = {
  key: "automountServiceAccountToken",
  value: "false",
  detail: "no token for the cluster's API in the pod",
  note: "A program that does not talk to the API server needs no token for it; who breaks in would find one.",
  rules: ["kubernetes/service-account-token-automount"],
};

const podContext: readonly Entry[] = [nonRoot, user, group, profile];

function specOffers(cursor: YamlCursor, pod: Pod, below: string): readonly Offer[] {
  if (cursor.kind === "value") return valueOffers(cursor, below);
  if (cursor.kind !== "key") return [];
  switch (below) {
    case "":
      return [
        ...entryOffers(cursor, [
          {
            key: "securityContext",
            value: contextBlock(podContext),
            detail: "no container runs as root, none unfiltered",
            note: "What is said here holds for every container of the pod that does not say it itself.",
            rules: podContext.flatMap((entry) => entry.rules),
          },
          token,
        ]),
        ...partSnippets(cursor, "kubernetes-pod"),
      ];
    case "securityContext":
      return entryOffers(cursor, podContext, {
        entries: podContext.filter(({ key }) => pod.securityContext?.has(key) !== true),
        detail: "no container runs as root, none unfiltered",
        note: "What is said here holds for every container of the pod that does not say it itself.",
      });
    case "securityContext.seccompProfile":
      return entryOffers(cursor, [{ ...profile, key: "type", value: "RuntimeDefault" }]);
    default:
      return [];
  }
}

const partSnippets = (cursor: YamlCursor, place: "kubernetes-container" | "kubernetes-pod"): readonly Offer[] =>
  cursor.open ? [] : snippetsFor({ place, span: cursor.span, hang: hangOf(cursor), taken: cursor.siblings });

const unprivileged: Entry = {
  key: "privileged",
  value: "false",
  detail: "the default: no power over the node",
  note: "A privileged container owns its node.",
  rules: ["kubernetes/privileged-container"],
};

/** The safe values of keys, by their path below a container or a pod's spec. */
const safeValues: Readonly<Record<string, Entry>> = {
  ...Object.fromEntries([...contextEntries, user, group, unprivileged].map((e) => [`securityContext.${e.key}`, e])),
  "securityContext.capabilities.drop": drop,
  "securityContext.seccompProfile.type": { ...profile, value: "RuntimeDefault" },
  automountServiceAccountToken: token,
};

function valueOffers(cursor: YamlCursor, below: string): readonly Offer[] {
  const entry = Object.hasOwn(safeValues, below) ? safeValues[below] : undefined;
  return entry === undefined ? [] : valueOffer(cursor, entry);
}

const imageRules: readonly RuleId[] = ["kubernetes/image-latest-tag", "kubernetes/image-not-pinned"];

const imageTags = (cursor: YamlCursor, today: string): readonly Offer[] =>
  imageOffers(cursor.typed, cursor.span, today, imageRules);

function dropAll(cursor: YamlCursor): readonly Offer[] {
  const items = cursor.document.resolved.at(cursor.path.slice(0, -1))?.items ?? [];
  return items.some((item) => item.text === "ALL") ? [] : [plainScalar(cursor, "ALL", drop)];
}

const podSecurity: Entry = {
  key: "pod-security.kubernetes.io/enforce",
  value: "${1|restricted,baseline|}",
  detail: "the cluster refuses pods that are not hardened",
  note: "Without the label a namespace lets in pods of every kind, privileged ones too.",
  rules: ["kubernetes/namespace-pod-security-missing"],
};

/** Undefined where the place is not of this object. */
function objectOffers(cursor: YamlCursor, manifest: Manifest): readonly Offer[] | undefined {
  const below = pathBelow(cursor.path, manifest.root.node.path);
  if (manifest.is("ServiceAccount", "")) {
    if (below === token.key && cursor.kind === "value") return valueOffers(cursor, below);
    return below === "" ? entryOffers(cursor, [token]) : undefined;
  }
  return manifest.is("Namespace", "") && below === "metadata.labels" ? entryOffers(cursor, [podSecurity]) : undefined;
}
