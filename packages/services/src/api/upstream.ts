import { z } from 'zod';

/** Where calls are forwarded to. Whether its address may be reached is judged at each connection, not here. */
export const upstreamBaseUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https address' })
  .max(500)
  .refine(isPlain, 'must have no credentials, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''))
  .meta({ description: 'Address that calls are forwarded to' });

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

function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}
