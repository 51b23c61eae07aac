import {
  choice,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type ManifestFile,
  rule,
  type Span,
  type TemplateAction,
} from "../../engine/index";
import { calls } from "../shared/helm/expressions";

const random =
  /^(?:randAlphaNum|randAlpha|randNumeric|randAscii|randBytes|uuidv4|genPrivateKey|genCA|genSignedCert|genSelfSignedCert)$/;

const looking = /^lookup$/;

/** Whether what stands in the cluster is looked at first, or the object is only made once. */
function isKept(manifest: Manifest, file: ManifestFile): boolean {
  const looksFirst = ({ kind, body }: TemplateAction): boolean =>
    kind === "control" && (calls(body, looking) || /\.Release\.Is(?:Install|Upgrade)\b/.test(body));
  if (file.template?.actions.some(looksFirst)) return true;
  const hook = manifest.annotation("helm.sh/hook");
  const isOnce = hook !== undefined && !/upgrade/.test(hook.string ?? "upgrade");
  return isOnce || manifest.annotation("helm.sh/resource-policy")?.string === "keep";
}

/** The document of the object, what is worked out above its first line included. */
const documentOf = ({ root }: Manifest): Span => ({ start: root.home.document.start, end: root.home.document.end });

/** The name of the object as an expression; undefined where it is no single text. */
function nameOf(manifest: Manifest, file: ManifestFile): string | undefined {
  const field = manifest.metadata?.get("name");
  if (field === undefined) return undefined;
  if (field.string !== undefined) return `"${field.string}"`;
  const written = file.text.slice(field.start, field.end).replace(/^(["'])(.*)\1$/, "$2");
  const [action, ...others] = file.template?.actions.filter((a) => a.start >= field.start && a.end <= field.end) ?? [];
  const source = action && file.text.slice(action.start, action.end);
  if (action === undefined || source === undefined || others.length > 0 || action.kind !== "value") return undefined;
  const [before = "", after = ""] = written.split(source);
  if (/["%\\]/.test(before + after)) return undefined;
  return before + after === "" ? `(${action.body})` : `(printf "${before}%s${after}" (${action.body}))`;
}

/** Takes what the cluster has, and makes up a value only where it has none. */
function keep(action: TemplateAction, manifest: Manifest, file: ManifestFile): Fix | undefined {
  const isWhole = (value: Field): boolean => value.start === action.start && value.end === action.end;
  const [key, map] = ["data", "stringData"].flatMap((name) => {
    const entry = manifest.root.get(name)?.entries.find(([, value]) => isWhole(value));
    return entry === undefined ? [] : [entry[0], name];
  });
  const name = nameOf(manifest, file);
  // A value that somebody may set must stay above what the cluster has.
  const isMadeUp = random.test(/^\w+/.exec(action.body)?.[0] ?? "") && !/[\n{}]/.test(action.body);
  if (key === undefined || name === undefined || !isMadeUp) return undefined;
  const quote = /(?<!\s)\s*\|\s*s?quote$/.exec(action.body)?.[0] ?? "";
  const made = action.body.slice(0, action.body.length - quote.length);
  const isPlain = map === "stringData";
  const kept = `dig "data" "${key}" (${isPlain ? `${made} | b64enc` : made}) (lookup "v1" "Secret" $.Release.Namespace ${name})`;
  const text = `{{ ${kept}${isPlain ? " | b64dec" : ""}${quote} }}`;
  return fixIn(file.file, "Keep the value that the cluster has", "guided", [
    { edits: [{ span: { start: action.start, end: action.end }, text: choice(1, text) }] },
  ]);
}

export default rule({
  id: "helm/secret-regenerated",
  kind: "kubernetes",
  severity: "info",
  principle: "rotation",
  summary: "A template makes up another secret at every upgrade",
  why: `Helm renders all templates at every upgrade, so a random function gives another value each time. The database keeps the password
that it was made with while the pods that restart come with the new one, and the service is down until somebody repairs it by hand;
a certificate changes under the clients that pinned it. Look first whether the cluster has the Secret (\`lookup\`), and rotate on
purpose.`,
  refs: ["CWE-324"],
  covers: [],
  fix: "guided",
  examples: [
    {
      file: "templates/secret.yaml",
      bad: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{ include "shop.fullname" . }}-auth
        data:
          password: «{{ randAlphaNum 32 | b64enc | quote }}»
        stringData:
          token: «{{ .Values.token | default (uuidv4) }}»
          user: shop
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{ include "shop.fullname" . }}-auth
        data:
          password: {{ dig "data" "password" (randAlphaNum 32 | b64enc) (lookup "v1" "Secret" $.Release.Namespace (printf "%s-auth" (include "shop.fullname" .))) | quote }}
        stringData:
          token: {{ .Values.token | default (uuidv4) }}
          user: shop
        `,
      remains: "What somebody may set as well must be put together by hand.",
    },
    {
      file: "templates/secret.yaml",
      bad: `
        «{{- $ca := genCA "shop-ca" 3650 }}»
        {{- if .Values.tls.enabled }}
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/tls
        metadata: { name: shop-tls }
        data:
          ca.crt: {{ $ca.Cert | b64enc }}
        {{- end }}
        -- Chart.yaml --
        name: shop
        `,
      note: "worked out above it",
    },
    {
      file: "templates/secret.yaml",
      good: `
        {{- $old := lookup "v1" "Secret" .Release.Namespace "shop" }}
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        data:
          {{- if $old }}
          password: {{ $old.data.password }}
          {{- else }}
          password: {{ randAlphaNum 32 | b64enc }}
          {{- end }}
        -- Chart.yaml --
        name: shop
        `,
      note: "looks first",
    },
    {
      file: "templates/secret.yaml",
      good: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: shop
          annotations: { helm.sh/hook: pre-install }
        data:
          password: {{ randAlphaNum 32 | b64enc }}
        ---
        apiVersion: v1
        kind: Secret
        metadata:
          name: web
          annotations: { helm.sh/resource-policy: keep }
        data:
          password: {{ randAlphaNum 32 | b64enc }}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: run-{{ randAlphaNum 5 | lower }}
        data: { note: "{{ required "randAlphaNum" .Values.note }}" }
        -- Chart.yaml --
        name: shop
        `,
      note: "made once, kept, no Secret, only a text",
    },
  ],
  check: {
    file(file, report) {
      if (file.role !== "template") return;
      for (const manifest of file.manifests) {
        if (!manifest.is("Secret", "") || isKept(manifest, file)) continue;
        const { start, end } = documentOf(manifest);
        for (const action of file.template?.actions ?? []) {
          if (action.start < start || action.end > end) continue;
          if (!calls(action.body, random) || calls(action.body, looking)) continue;
          report(action, `${manifest.title} gets another value at every upgrade`, {
            fix: () => keep(action, manifest, file),
          });
        }
      }
    },
  },
});
