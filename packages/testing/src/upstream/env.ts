/** What a child process running the sample upstream is told. */
export function upstreamEnv(): { port: number; token: string } {
  const { PORT, UPSTREAM_TOKEN } = process.env;
  if (PORT === undefined || UPSTREAM_TOKEN === undefined) throw new Error('PORT and UPSTREAM_TOKEN must be set');
  return { port: Number(PORT), token: UPSTREAM_TOKEN };
}
