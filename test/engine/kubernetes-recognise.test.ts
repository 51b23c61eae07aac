/** Which files are taken for manifests, whatever they are called and wherever they lie. */
import assert from "node:assert/strict";
import { recognise } from "../../engine/index";

const flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: shop }\nspec: {}\n";
const own = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [app.yaml]\n";
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers: [] } };

describe("recognising manifests", () => {
  for (const [file, text, kind] of [
    ["kustomization.yaml", "resources: [app.yaml]\n", "kustomize"],
    ["kustomization.yaml", own, "kustomize"],
    ["overlays/shop.yaml", own, "kustomize"],
    ["kustomization.yaml", flux, "kubernetes"],
    ["flux/shop.yaml", flux, "kubernetes"],
    ["data/pod.json", JSON.stringify(pod, null, 2), "kubernetes"],
    ["data/pod.json", JSON.stringify(pod), "kubernetes"],
    ["package.json", JSON.stringify({ apiVersion: "v1", kind: "Pod" }), undefined],
    ["data/schema.json", JSON.stringify({ $schema: "x", apiVersion: "v1", kind: "Pod" }), undefined],
    ["data/other.json", JSON.stringify({ version: 1 }), undefined],
  ] as const)
    it(`${file} is of the kind ${kind ?? "of other texts"}: ${text.slice(0, 60).replaceAll("\n", " ")}`, () => {
      assert.equal(recognise(file, text), kind);
    });
});
