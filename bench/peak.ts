/** Loaded before a program: its peak memory, in kilobytes, goes to standard error when it ends. */
process.on("exit", () => process.stderr.write(`\nPEAK ${process.resourceUsage().maxRSS}\n`));
