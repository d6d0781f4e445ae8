import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLocal } from './local.ts';

export function upstreamUrl(): string {
  return readLocal().upstreamUrl;
}

/** The upstream's OpenAPI document, as its provider would paste it. */
export async function sampleDocument(): Promise<string> {
  return (await fetch(`${upstreamUrl()}/openapi.json`)).text();
}

/** What the sample upstream itself counted. `held` calls wait at its gate. */
export interface UpstreamStats {
  readonly calls: number;
  readonly running: number;
  readonly held: number;
  readonly byRequestId: Readonly<Record<string, { calls: number; inputTokens: number; outputTokens: number }>>;
}

export async function upstreamStats(): Promise<UpstreamStats> {
  return (await (await fetch(readLocal().upstreamStatsUrl)).json()) as UpstreamStats;
}

/** One call as the upstream received it, without its credential. */
export async function upstreamCall(requestId: string): Promise<{ headers: Record<string, string>; target: string }> {
  const url = `${readLocal().upstreamUrl}/_calls?requestId=${encodeURIComponent(requestId)}`;
  const { calls } = (await (await fetch(url)).json()) as {
    calls: { headers: Record<string, string>; target: string }[];
  };
  const [call, ...others] = calls;
  if (call === undefined || others.length > 0) throw new Error(`the upstream saw ${requestId} ${calls.length} times`);
  return call;
}

/** Runs `work` while the upstream answers nothing; opens it again whatever happens. */
export async function whileUpstreamWaits<Value>(work: () => Promise<Value>): Promise<Value> {
  await gate(true);
  try {
    return await work();
  } finally {
    await gate(false);
  }
}

async function gate(closed: boolean): Promise<void> {
  await fetch(`${readLocal().upstreamUrl}/_gate`, { method: 'POST', body: JSON.stringify({ closed }) });
}

/** What the sample upstream wants in `Authorization`. Write-only in the product, so it comes from the launcher's secrets. */
export function upstreamCredential(home = process.env.TOLLWRIGHT_HOME ?? ''): string {
  const secrets = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as { upstreamToken: string };
  return `Bearer ${secrets.upstreamToken}`;
}
