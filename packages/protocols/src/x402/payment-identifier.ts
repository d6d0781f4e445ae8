import { z } from 'zod';
import type { X402Extension } from './extensions.ts';

/** The extension by which a client names a payment, so that it may send a request again. */
export const paymentIdentifierKey = 'payment-identifier';

const idPattern = '^[a-zA-Z0-9_-]{16,128}$';
const sent = z.object({ info: z.object({ id: z.string().regex(new RegExp(idPattern)).optional() }) });

/** Its declaration in a challenge: the client may name the payment. */
export const paymentIdentifier: X402Extension = {
  info: { required: false },
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { required: { type: 'boolean' }, id: { type: 'string', pattern: idPattern } },
    required: ['required'],
  },
};

/** The name that a client gave. `invalid`: it gave one that is none, and would rely on it in vain. */
export function paymentIdentifierIn(
  extensions: Readonly<Record<string, unknown>> | undefined,
): { readonly kind: 'none' | 'invalid' } | { readonly kind: 'named'; readonly id: string } {
  const value = extensions?.[paymentIdentifierKey];
  if (value === undefined) return { kind: 'none' };
  const read = sent.safeParse(value);
  if (!read.success) return { kind: 'invalid' };
  const { id } = read.data.info;
  return id === undefined ? { kind: 'none' } : { kind: 'named', id };
}
