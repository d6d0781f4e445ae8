import type { Tx } from '@tollwright/db';

/** Those of the slugs that no current meter of the provider has which adds up: gateways count by COUNT and SUM alone. */
export async function missingMeters(tx: Tx, providerId: string, slugs: readonly string[]): Promise<string[]> {
  const rows = await tx.meter.findMany({
    where: { providerId, archivedAt: null, slug: { in: [...slugs] }, aggregation: { in: ['COUNT', 'SUM'] } },
    select: { slug: true },
  });
  const known = new Set(rows.map((row) => row.slug));
  return [...new Set(slugs)].filter((slug) => !known.has(slug));
}
