import { type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";

function hash(option: Field, root: Field, { file }: Context): Fix | undefined {
  return fixIn(file, "Let the name change with the content", "unsafe", [option.within(option.removeUpTo(root))]);
}

export default rule({
  id: "kustomize/secret-hash-disabled",
  kind: "kustomize",
  severity: "hint",
  principle: "rotation",
  summary: "Pods keep running with the old value when a generated Secret changes",
  why: `Kustomize puts a hash of the content behind the name of a generated Secret, so that a new value changes the pods that use it and
they start anew. Without the hash the Secret is changed under its old name: pods that read it as variables keep the password that
was to be replaced, a leaked one stays in use until somebody restarts them by hand. Leave the name fixed only where something
outside of the kustomization must find it.`,
  refs: [],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
        generatorOptions:
          labels: { app: shop }
          disableNameSuffixHash: «true»
        `,
      fixed: `
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
        generatorOptions:
          labels: { app: shop }
        `,
    },
    {
      bad: `
        namespace: shop
        secretGenerator:
          - name: shop-db
            options: { disableNameSuffixHash: «true» }
            envs: [shop-db.env]
          - name: shop-mail
            envs: [shop-mail.env]
        `,
      fixed: `
        namespace: shop
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
          - name: shop-mail
            envs: [shop-mail.env]
        `,
      note: "one of two",
    },
    {
      good: `
        configMapGenerator:
          - name: settings
            files: [settings.yaml]
            options: { disableNameSuffixHash: true }
        generatorOptions: { disableNameSuffixHash: true }
        `,
      note: "no Secret",
    },
    { good: "secretGenerator: [{ name: shop-db, envs: [shop-db.env] }]\ngeneratorOptions: { immutable: true }\n" },
    {
      good: `
        secretGenerator:
          - name: shop-db
            envs: [shop-db.env]
            options: { disableNameSuffixHash: false }
        `,
    },
    {
      good: `
        secretGenerator:
          - name: webhook-cert
            options: { disableNameSuffixHash: true }
        `,
      note: "empty: its controller fills it",
    },
  ],
  check: {
    kustomization({ root, generators }, report, context) {
      // One without content is filled by a controller, which must find it by its name.
      const secrets = generators.filter(
        ({ kind, literals, envs, files }) => kind === "Secret" && literals.length + envs.length + files.length > 0,
      );
      const message = (name: string): string =>
        `When ${name} changes, pods go on with the old value: its name stays the same`;
      const all = root.at("generatorOptions", "disableNameSuffixHash");
      if (all?.boolean === true && secrets.length > 0) {
        const named = secrets.map((s) => s.name?.string ?? "a Secret").join(", ");
        report(all, message(named), { fix: () => hash(all, root, context) });
      }
      for (const { field, name } of secrets) {
        const own = field.at("options", "disableNameSuffixHash");
        if (own?.boolean !== true) continue;
        report(own, message(name?.string ?? "the Secret"), { fix: () => hash(own, field, context) });
      }
    },
  },
});
