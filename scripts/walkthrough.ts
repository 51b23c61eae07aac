/** What the editor's welcome page shows of the extension; each step is done by what somebody tries, whichever way. */

interface Step {
  /** Also the context key, without its prefix, that `client/tried.ts` sets. */
  readonly id: "exampleOpened" | "findingSeen" | "fixApplied" | "allFixed" | "serviceMade";
  readonly title: string;
  readonly description: string;
  /** A picture in `media/walkthrough/`, and what it shows. */
  readonly picture: readonly [name: string, altText: string];
}

const link = (label: string, command: string, argument?: string): string => {
  const query = argument === undefined ? "" : `?${encodeURIComponent(JSON.stringify(argument))}`;
  return `[${label}](command:${command}${query})`;
};

const steps: readonly Step[] = [
  {
    id: "exampleOpened",
    title: "Open an insecure shop",
    description: [
      "A Dockerfile, a compose file and some code, with the faults of many real services. They are new documents: nothing is written to your disk.",
      link("Open the example", "bulkhead.openExample"),
    ].join("\n"),
    picture: ["open", "A Dockerfile with many squiggles"],
  },
  {
    id: "findingSeen",
    title: "See a finding",
    description: [
      "Findings come while you type and mark the exact characters. Point at one, or put the cursor on it, to read what somebody could do with the mistake.",
      link("Show a finding", "bulkhead.openExample", "finding"),
    ].join("\n"),
    picture: ["finding", "A hover that explains why a password in an image is a problem"],
  },
  {
    id: "fixApplied",
    title: "Apply a fix",
    description: [
      "The light bulb has the best fix first. It also silences a finding with a reason, or turns its rule off.",
      link("Open the light bulb", "bulkhead.openExample", "fix"),
    ].join("\n"),
    picture: ["fix", "The light bulb's menu at a published SSH port"],
  },
  {
    id: "allFixed",
    title: "Fix all that is safe",
    description: [
      "Safe fixes keep what a file means, so all of them can be made at once, also on every save.",
      link("Fix all in the example", "bulkhead.openExample", "fixAll"),
    ].join("\n"),
    picture: ["fix-all", "The Dockerfile after its safe fixes"],
  },
  {
    id: "serviceMade",
    title: "Start a service secure",
    description: [
      "Code that runs, with tests, image, compose, manifests and pipeline, in TypeScript, Python, Go or Java, and without a finding. You see every file before it is made.",
      link("New secure service…", "bulkhead.newService"),
    ].join("\n"),
    picture: ["service", "The files of a new service"],
  },
];

/** `contributes.walkthroughs`. */
export const walkthroughs: readonly object[] = [
  {
    id: "start",
    title: "Get started with Bulkhead",
    description: "Find and fix security faults of microservices as you type, and start new ones without them.",
    icon: "media/icon.png",
    featuredFor: [
      "**/Dockerfile",
      "**/Dockerfile.*",
      "**/Containerfile",
      "**/compose.yaml",
      "**/compose.yml",
      "**/docker-compose.yaml",
      "**/docker-compose.yml",
      "**/kustomization.yaml",
      "**/Chart.yaml",
    ],
    steps: steps.map(({ id, title, description, picture: [name, altText] }) => ({
      id,
      title,
      description,
      media: { svg: `media/walkthrough/${name}.svg`, altText },
      completionEvents: [`onContext:bulkhead.${id}`],
    })),
  },
];
