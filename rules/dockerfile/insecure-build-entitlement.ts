import { rule, type Flag, type Severity } from "../../engine/index";

/** What each flag opens; from the Dockerfile reference. */
function opened(flag: Flag): { readonly what: string; readonly severity?: Severity } | undefined {
  const value = flag.value?.text;
  if (flag.name === "security" && value === "insecure")
    return { what: "runs with all rights on the builder, as a privileged container does" };
  if (flag.name === "network" && value === "host")
    return { what: "reaches everything that the builder's own network does" };
  if (flag.name === "device" && value !== undefined && value !== "")
    return { what: `gets the builder's device ${value}`, severity: "info" };
  return undefined;
}

export default rule({
  id: "dockerfile/insecure-build-entitlement",
  kind: "dockerfile",
  severity: "warning",
  principle: "isolation",
  summary: "A build step with the rights or the network of the builder",
  why: `\`--security=insecure\` and \`--network=host\` take the sandbox away from one build step. A compromised package that this step
installs can then reach the build machine itself: its disks and kernel, or the services that listen on its loopback address, such
as the metadata of the cloud or the builder's own API. Most steps work without; the rest belong on a machine of their own.`,
  refs: ["CWE-250", "BuildKit entitlements"],
  covers: [],
  fix: "unsafe",
  examples: [
    { bad: "FROM alpine:3.23\nRUN «--security=insecure» make\n", fixed: "FROM alpine:3.23\nRUN make\n" },
    {
      bad: "FROM alpine:3.23\nONBUILD RUN --mount=type=cache,target=/c «--network=host» \\\n  make\n",
      fixed: "FROM alpine:3.23\nONBUILD RUN --mount=type=cache,target=/c \\\n  make\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN «--device=vendor.com/gpu=all» train\n",
      fixed: "FROM alpine:3.23\nRUN train\n",
      severity: "info",
    },
    { good: "FROM alpine:3.23\nRUN --network=none --security=sandbox make\n" },
    { good: "FROM alpine:3.23\nRUN --network=default make --network=host\n", note: "the program's own option" },
    { good: 'FROM alpine:3.23\nRUN ["make", "--security=insecure"]\n' },
  ],
  check: {
    run(run, report) {
      for (const flag of run.flags) {
        const found = opened(flag);
        if (found === undefined) continue;
        const { what, ...severity } = found;
        report(flag, `This step ${what}: --${flag.name}=${flag.value?.text}`, {
          ...severity,
          fix: () => ({ title: `Remove --${flag.name}`, applicability: "unsafe", edits: [flag.remove()] }),
        });
      }
    },
  },
});
