/** What reading foreign bytes gives: a value, or why there is none. Readers of wire formats never throw. */
export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Wraps a value that was read. */
export function ok<T>(value: T): Parsed<T> {
  return { kind: 'ok', value };
}

/** Says why nothing was read. `reason` may be shown to the sender. */
export function malformed(reason: string): Parsed<never> {
  return { kind: 'malformed', reason };
}
