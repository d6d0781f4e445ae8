/** How long the fuzz runs: `EDGE_FUZZ_RUNS` requests (300), and `EDGE_FUZZ_SEED` to repeat a run. */
export function fuzzEnv(): { readonly runs: number; readonly seed: number } {
  const { EDGE_FUZZ_RUNS = '300', EDGE_FUZZ_SEED = '20260' } = process.env;
  return { runs: positive('EDGE_FUZZ_RUNS', EDGE_FUZZ_RUNS), seed: positive('EDGE_FUZZ_SEED', EDGE_FUZZ_SEED) };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a positive integer`);
  return value;
}
