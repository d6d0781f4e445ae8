/** What a challenge says in an extension: `info` is for the client to send back, its `schema` says what it may look like. */
export type X402Extension = { readonly info: Readonly<Record<string, unknown>>; readonly [member: string]: unknown };

/** Extensions of a challenge by their keys. Source: x402 specification, version 2. */
export type X402Extensions = Readonly<Record<string, X402Extension>>;

/**
 * The key of an extension whose `info` a client did not send back as it was declared; null when there is none. A client may
 * leave an extension out, and add members, but change and drop nothing.
 */
export function alteredExtension(
  declared: X402Extensions,
  echoed: Readonly<Record<string, unknown>> | undefined,
): string | null {
  for (const [key, { info }] of Object.entries(declared)) {
    if (echoed === undefined || !Object.hasOwn(echoed, key)) continue;
    const sent = echoed[key];
    if (!isObject(sent) || !holds(sent.info, info)) return key;
  }
  return null;
}

function holds(actual: unknown, expected: unknown): boolean {
  if (!isObject(expected)) return isSame(actual, expected);
  return (
    isObject(actual) &&
    Object.entries(expected).every(([name, value]) => Object.hasOwn(actual, name) && holds(actual[name], value))
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([name, value]) => isSame(value, (b as Members)[name]));
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
