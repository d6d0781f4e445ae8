import type { Tx } from '@tollwright/db';

/** Documents that a provider numbers without gaps. */
export type NumberedDocument = 'invoice' | 'credit-note';

interface Issuer {
  readonly providerId: string;
  readonly livemode: boolean;
}

/**
 * The next number of a provider's documents: gone if the transaction is rolled back, so that none is missing. Whoever wants the
 * one after waits for its end.
 */
export async function nextNumber(
  tx: Tx,
  { providerId, livemode }: Issuer,
  kind: NumberedDocument,
): Promise<{ readonly sequence: number; readonly number: string }> {
  const rows = await tx.$queryRaw<{ last: number }[]>`
    INSERT INTO document_counter AS c (provider_id, livemode, kind, last) VALUES (${providerId}, ${livemode}, ${kind}, 1)
    ON CONFLICT (provider_id, livemode, kind) DO UPDATE SET last = c.last + 1 RETURNING last`;
  const sequence = rows[0]?.last ?? 1;
  const { slug } = await tx.provider.findUniqueOrThrow({ where: { id: providerId }, select: { slug: true } });
  const words = [...(livemode ? [] : ['TEST']), slug.toUpperCase(), ...(kind === 'invoice' ? [] : ['CN'])];
  return { sequence, number: `${words.join('-')}-${String(sequence).padStart(6, '0')}` };
}
