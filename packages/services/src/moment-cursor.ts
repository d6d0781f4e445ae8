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
