import { invalid } from './refusals.ts';

/** Where a list in order of time goes on: the last row shown. */
export interface Moment {
  readonly at: Date;
  readonly id: string;
}

export function encodeMoment({ at, id }: Moment): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/** Throws `invalid-input` for what encodeMoment did not make. */
export function decodeMoment(cursor: string): Moment {
  const match = /^(\d{1,15}) (\S{1,100})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match?.[1] === undefined || match[2] === undefined) throw invalid('cursor', 'must be a nextCursor of this list');
  return { at: new Date(Number(match[1])), id: match[2] };
}

/** The part of a `where` that goes on after a cursor, newest first. Throws as decodeMoment. */
export function afterMoment(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const { at, id } = decodeMoment(cursor);
  return { OR: [{ occurredAt: { lt: at } }, { occurredAt: at, id: { lt: id } }] };
}

/** The page of `size` that begins `rows`, of which one more was asked for. */
export function pageByMoment<Row extends { readonly occurredAt: Date; readonly id: string }>(
  rows: readonly Row[],
  size: number,
): { readonly shown: readonly Row[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { shown, nextCursor: last === undefined ? null : encodeMoment({ at: last.occurredAt, id: last.id }) };
}
