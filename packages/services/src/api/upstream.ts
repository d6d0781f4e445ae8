import { UPSTREAM_FALLBACKS_MAX } from '@tollwright/contracts';
import { z } from 'zod';
import { invalid } from '../refusals.ts';

/** Where calls are forwarded to. Whether its address may be reached is judged at each connection, not here. */
export const upstreamBaseUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https address' })
  .max(500)
  .refine(isPlain, 'must have no credentials, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''))
  .meta({ description: 'Address that calls are forwarded to' });

export const upstreamFallbacks = z
  .array(upstreamBaseUrl)
  .max(UPSTREAM_FALLBACKS_MAX)
  .superRefine((addresses, ctx) => {
    addresses.forEach((address, index) => {
      if (addresses.slice(0, index).some((earlier) => sameAddress(earlier, address))) {
        ctx.addIssue({ code: 'custom', path: [index], message: 'is named twice' });
      }
    });
  })
  .meta({
    description:
      'Other addresses of the same API, with the same paths and credential. A call goes to the next one only while nothing of it was sent',
  });

/** Refuses the upstream's own address among the others, under the path of the field that was just given. */
export function refuseOwnAddress(
  path: 'upstreamBaseUrl' | 'upstreamFallbacks',
  upstream: { readonly upstreamBaseUrl: string; readonly upstreamFallbacks: readonly string[] },
): void {
  const index = upstream.upstreamFallbacks.findIndex((address) => sameAddress(address, upstream.upstreamBaseUrl));
  if (index === -1) return;
  if (path === 'upstreamBaseUrl') throw invalid(path, 'is one of the other addresses');
  throw invalid(`${path}.${index}`, 'is the upstream address itself');
}

export const upstreamCredential = z.object({
  header: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header')
    .refine((name) => !FRAMING.has(name.toLowerCase()), 'cannot be set by a credential'),
  value: z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')
    .meta({ description: 'The whole value of the header, such as Bearer sk-…. Stored encrypted, never shown' }),
});

export const timeouts = z.object({
  connectMs: z.int().min(100).max(60_000).optional(),
  firstByteMs: z.int().min(100).max(900_000).optional(),
  idleMs: z.int().min(100).max(900_000).optional(),
  totalMs: z.int().min(100).max(3_600_000).optional(),
});

const FRAMING = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer']);

/** What is no address at all was refused as such already. */
function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

/** Whether two base URLs differ in spelling only: the case of their host, a port that goes without saying. */
function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}
