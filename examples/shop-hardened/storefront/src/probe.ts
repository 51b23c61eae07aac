try {
  const response = await fetch("http://127.0.0.1:8081/healthz", { signal: AbortSignal.timeout(2000) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
