import { resourceMissing } from '../errors.ts';
import { timestamp } from '../params/kinds.ts';
import { either, fields, integer, type Param, type Read, text } from '../params/param.ts';

/** The parameters of every list. */
export const pageFields = {
  limit: integer({ min: 1, max: 100 }),
  starting_after: text(),
  ending_before: text(),
};
const moments = fields({ gt: timestamp, gte: timestamp, lt: timestamp, lte: timestamp });
/** `created` of a list: a moment or a range of them. */
export const createdField: Param<Read<typeof moments> | number> = either(moments, timestamp);

type PageParams = { limit?: number; starting_after?: string; ending_before?: string };
type Listed = { readonly id: string };

/** One page of a list, newest first, with the cursors of Stripe. */
export function pageOf<T extends Listed>(rows: readonly T[], params: PageParams, url: string) {
  const limit = params.limit ?? 10;
  const after = cursorOf(rows, params.starting_after, 'starting_after');
  const before = cursorOf(rows, params.ending_before, 'ending_before');
  const rest = rows.slice(after === undefined ? 0 : after + 1, before);
  const data = before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  return { object: 'list', data, has_more: rest.length > data.length, url };
}

function cursorOf(rows: readonly Listed[], id: string | undefined, param: string): number | undefined {
  if (id === undefined) return undefined;
  const index = rows.findIndex((row) => row.id === id);
  if (index < 0) throw resourceMissing('object', id, param);
  return index;
}

/** Whether something was created when a list asks for it. */
export function createdWithin(created: number, wanted: Read<typeof createdField> | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return created === wanted;
  const { gt = -1, gte = 0, lt = Number.POSITIVE_INFINITY, lte = Number.POSITIVE_INFINITY } = wanted;
  return created > gt && created >= gte && created < lt && created <= lte;
}
