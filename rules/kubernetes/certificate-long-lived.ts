import { choice, type Field, fixIn, rule } from "../../engine/index";
import { seconds } from "../shared/kubernetes/durations";

const hour = 3600;
/** 397 days, as browsers allow since 2020 (CA/Browser Forum, ballot SC-31). */
const longest = 9528 * hour;
const longestOfAuthority = 87_600 * hour;
/** What cert-manager takes where nothing is written. */
const usual = 2160 * hour;

const lengthOf = (field: Field | undefined): number | undefined =>
  field?.string === undefined ? undefined : seconds(field.string);

const days = (length: number): string => `${Math.round(length / (24 * hour))} days`;

export default rule({
  id: "kubernetes/certificate-long-lived",
  kind: "kubernetes",
  severity: "info",
  principle: "rotation",
  summary: "A certificate is valid for too long, or renewed too late",
  why: `A stolen key is good for as long as its certificate is, and hardly anything looks at revocation: with ten years, whoever once copied
the Secret plays the server for ten years. cert-manager renews by itself, so a long time buys nothing. Take 90 days, and renew a month
before the end.`,
  refs: ["NSA net", "CWE-324"],
  covers: ["kyverno:limit-duration"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec:
          secretName: shop-tls
          duration: «87600h» # ten years
          issuerRef: { name: internal }
        `,
      fixed: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec:
          secretName: shop-tls
          duration: 2160h # ten years
          issuerRef: { name: internal }
        `,
    },
    {
      bad: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, duration: 720h0m0s, renewBefore: «720h» }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: web }
        spec: { secretName: web-tls, renewBefore: «2400h» }
        `,
      fixed: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, duration: 720h0m0s, renewBefore: 240h }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: web }
        spec: { secretName: web-tls, renewBefore: 720h }
        `,
      note: "renewed before it is made",
    },
    {
      good: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, duration: 2160h, renewBefore: 720h }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: web }
        spec: { secretName: web-tls }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: year }
        spec: { secretName: year-tls, duration: 9528h }
        `,
    },
    {
      good: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: root }
        spec: { secretName: root-tls, isCA: true, duration: 43800h }
        `,
      note: "an authority",
    },
    {
      good: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, isCA: {{ .Values.ca }}, duration: 43800h, renewBefore: {{ .Values.before }} }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, duration: ten years }
        `,
      note: "not known",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const { spec } = manifest;
      if (spec === undefined || !manifest.is("Certificate", "cert-manager.io")) return;
      const duration = spec.get("duration");
      const renewal = spec.get("renewBefore");
      const length = lengthOf(duration);
      const authority = spec.get("isCA");
      const isUnknown = authority !== undefined && authority.boolean === undefined;
      const most = authority?.boolean === true || isUnknown ? longestOfAuthority : longest;
      const shorten = (at: Field, text: string, title: string) => () => {
        const edits = at.isShared ? undefined : at.replace(choice(1, text), { snippet: true });
        return fixIn(context.file, title, "guided", [edits && { edits }]);
      };
      if (duration !== undefined && length !== undefined && length > most) {
        const text = most === longest ? "2160h" : "43800h";
        report(duration, `${manifest.title} is valid for ${days(length)}`, {
          fix: shorten(duration, text, "Shorten it"),
        });
        return;
      }
      const before = lengthOf(renewal);
      const whole = length ?? (duration === undefined && !manifest.isPartial ? usual : undefined);
      if (renewal === undefined || before === undefined || whole === undefined || before < whole) return;
      report(
        renewal,
        `${manifest.title} is to be renewed ${days(before)} before its end, but is valid for ${days(whole)}`,
        {
          fix: shorten(renewal, `${Math.floor(whole / hour / 3)}h`, "Renew it when a third is left"),
        },
      );
    },
  },
});
