import { stepUpNeed, upstreamBreaker } from '@tollwright/contracts';
import { type DbApi, fromDbUpstreamBreaker } from '@tollwright/db';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { moneyText, toTimestamp } from '../fields.ts';

export const apiOutput = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  livemode: z.boolean(),
  baseUrl: z.string().meta({ description: 'Where agents call it' }),
  upstreamBaseUrl: z.string(),
  upstreamFallbacks: z.array(z.string()),
  upstreamBreaker,
  upstreamCredential: z
    .object({ header: z.string() })
    .nullable()
    .meta({ description: 'The header that is sent upstream; its value is write-only' }),
  timeouts: z.object({ connectMs: z.int(), firstByteMs: z.int(), idleMs: z.int(), totalMs: z.int() }),
  stepUpAboveNanoUsd: moneyText.nullable().meta({
    description:
      'Of routes without limits of their own: a payment of more than this needs what stepUpNeeds says; null: it never does',
  }),
  stepUpPayerAboveNanoUsd: moneyText
    .nullable()
    .meta({ description: 'The same of what one payer pays on the API in a UTC day; null: it never does' }),
  stepUpNeeds: stepUpNeed,
  snapshotVersion: z.int(),
  createdAt: z.string(),
});
export type ApiOutput = z.output<typeof apiOutput>;

/** What of a row is shown: the sealed credential is not selected, so it cannot leak. */
export const apiSelection = {
  id: true,
  slug: true,
  name: true,
  livemode: true,
  upstreamBaseUrl: true,
  upstreamFallbacks: true,
  upstreamBreaker: true,
  upstreamCredentialHeader: true,
  connectTimeoutMs: true,
  firstByteTimeoutMs: true,
  idleTimeoutMs: true,
  totalTimeoutMs: true,
  stepUpAboveNanoUsd: true,
  stepUpPayerAboveNanoUsd: true,
  stepUpNeeds: true,
  snapshotVersion: true,
  createdAt: true,
  provider: { select: { slug: true } },
} as const;

type SelectedApi = Pick<DbApi, Exclude<keyof typeof apiSelection, 'provider'>> & { provider: { slug: string } };

export function toApi(ctx: ServiceContext, row: SelectedApi): ApiOutput {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    livemode: row.livemode,
    baseUrl: apiBaseUrl(ctx, row.provider.slug, row.slug),
    upstreamBaseUrl: row.upstreamBaseUrl,
    upstreamFallbacks: row.upstreamFallbacks,
    upstreamBreaker: fromDbUpstreamBreaker(row.upstreamBreaker),
    upstreamCredential: row.upstreamCredentialHeader === null ? null : { header: row.upstreamCredentialHeader },
    timeouts: {
      connectMs: row.connectTimeoutMs,
      firstByteMs: row.firstByteTimeoutMs,
      idleMs: row.idleTimeoutMs,
      totalMs: row.totalTimeoutMs,
    },
    stepUpAboveNanoUsd: row.stepUpAboveNanoUsd?.toString() ?? null,
    stepUpPayerAboveNanoUsd: row.stepUpPayerAboveNanoUsd?.toString() ?? null,
    stepUpNeeds: stepUpNeed.parse(row.stepUpNeeds),
    snapshotVersion: row.snapshotVersion,
    createdAt: toTimestamp(row.createdAt),
  };
}

/** `{gateway}/{provider}/{api}`. */
export function apiBaseUrl(ctx: ServiceContext, providerSlug: string, apiSlug: string): string {
  return `${ctx.publicUrls.gatewayUrl}/${providerSlug}/${apiSlug}`;
}

/** What an upstream credential is bound to. The gateway opens it under the same context. */
export function credentialContext(providerId: string, apiId: string): { tenant: string; target: string } {
  return { tenant: providerId, target: `api:${apiId}:upstream` };
}
