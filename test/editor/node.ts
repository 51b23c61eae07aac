import { runInNode } from "./support/run-in-node";

export const run = (): Promise<void> =>
  runInNode([
    require.resolve("./dockerfile.test"),
    require.resolve("./compose.test"),
    require.resolve("./kubernetes.test"),
    require.resolve("./code.test"),
    require.resolve("./completion.test"),
    require.resolve("./newService.test"),
  ]);
