import { runInNode } from "./support/run-in-node";

export const run = (): Promise<void> => runInNode([require.resolve("./tour.test")]);
