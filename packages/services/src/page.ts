import { z } from 'zod';
import { idText } from './fields.ts';
import { invalid } from './refusals.ts';

/** Input members of every list. */
export const pageInput = {
  cursor: z.string().max(200).optional().meta({ description: 'nextCursor of the page before' }),
  limit: z.int().min(1).max(200).optional().meta({ description: 'Items on a page, 50 unless told' }),
};

/** `{ items, nextCursor }`; nextCursor is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Arguments of a Prisma query for one page in order of ids, which sort by creation; one row more shows whether it ends. */
export function pageQuery(input: { cursor?: string | undefined; limit?: number | undefined }, order: 'asc' | 'desc') {
  const take = (input.limit ?? 50) + 1;
  return { take, orderBy: { id: order }, after: afterCursor(input.cursor, order) } as const;
}

function afterCursor(cursor: string | undefined, order: 'asc' | 'desc'): { gt?: string; lt?: string } {
  if (cursor === undefined) return {};
  if (!idText.safeParse(cursor).success) throw invalid('cursor', 'must be a nextCursor of this list');
  return order === 'asc' ? { gt: cursor } : { lt: cursor };
}

/** Cuts the extra row off and maps the rest. */
export function toPage<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number | undefined,
  map: (row: Row) => Item,
): Page<Item> {
  const size = limit ?? 50;
  const shown = rows.slice(0, size);
  return { items: shown.map(map), nextCursor: rows.length > size ? (shown.at(-1)?.id ?? null) : null };
}
