/**
 * Headers that end at a hop, that carry the caller's credentials or claims about the connection, or that some frameworks
 * obey in place of the method and path that were priced.
 */
const STRIPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
  'content-length',
  'authorization',
  'x-api-key',
  'cookie',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-rewrite-url',
  'x-payment',
  'payment-signature',
  'payment-authorization',
  'accept-payment',
  'payment-required',
  'payment-session',
  'payment',
  'sign-in-with-x',
  'settlement-overrides',
]);

/** Families of such headers. */
const STRIPPED_FAMILY = /^(?:tollwright|x-forwarded|x-original)-/;
/** What the body was read by: under another spelling it would be said a second time. */
const BODY_FIELDS = new Set(['content-type', 'content-encoding']);
/** Parts of an answer cannot be metered, and an encoded one cannot be read. */
const UNMETERED = new Set(['accept-encoding', 'range', 'if-range']);
const OTHER_SPELLING = /[^a-z0-9-]/g;

/** What becomes of a header by its name alone. `spelled` is the name with dashes only. */
interface KnownName {
  readonly name: string;
  readonly spelled: string;
  readonly fate: 'kept' | 'stripped' | 'unmetered';
}

/** Names as they were written, worked out once: callers use few. Long ones, and those beyond the first thousand, are not kept. */
const knownNames = new Map<string, KnownName>();
const KNOWN_NAMES_MAX = 1_000;
const KNOWN_LENGTH_MAX = 64;

/** What the gateway itself says to an upstream. */
export interface UpstreamHeaderPlan {
  readonly host: string;
  readonly requestId: string;
  readonly credential: { readonly header: string; readonly value: string } | null;
  /** Metered routes ask for an answer that is whole and can be read. */
  readonly identityEncoding: boolean;
  /** Further headers that stay behind, in lower case. */
  readonly stripped?: ReadonlySet<string>;
}

/**
 * The headers that go upstream, as a flat list of names and values. Hop-by-hop headers, those that `Connection` names,
 * the caller's key and payment, and cookies of the gateway's host stay behind, also where their dashes are written as
 * underscores or dots, which CGI, WSGI and their kind do not tell apart.
 */
export function upstreamHeaders(raw: readonly string[], plan: UpstreamHeaderPlan): string[] {
  const out: string[] = ['host', plan.host, 'x-request-id', plan.requestId];
  const listed = connectionListed(raw);
  const credentialName = plan.credential === null ? null : nameOf(plan.credential.header).spelled;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const { name, spelled, fate } = nameOf(raw[i] as string);
    if (fate === 'stripped' || spelled === credentialName || listed?.has(name)) continue;
    if (plan.stripped?.has(name) || plan.stripped?.has(spelled)) continue;
    if (fate === 'unmetered' && plan.identityEncoding) continue;
    out.push(name, raw[i + 1] as string);
  }
  if (plan.identityEncoding) out.push('accept-encoding', 'identity');
  if (plan.credential !== null) out.push(plan.credential.header, plan.credential.value);
  return out;
}

function nameOf(written: string): KnownName {
  const known = knownNames.get(written);
  if (known !== undefined) return known;
  const name = written.toLowerCase();
  const spelled = name.replace(OTHER_SPELLING, '-');
  const result: KnownName = { name, spelled, fate: fateOf(name, spelled) };
  if (written.length <= KNOWN_LENGTH_MAX && knownNames.size < KNOWN_NAMES_MAX) knownNames.set(written, result);
  return result;
}

function fateOf(name: string, spelled: string): KnownName['fate'] {
  if (STRIPPED.has(spelled) || STRIPPED_FAMILY.test(spelled)) return 'stripped';
  if (name !== spelled && BODY_FIELDS.has(spelled)) return 'stripped';
  return UNMETERED.has(spelled) ? 'unmetered' : 'kept';
}

function connectionListed(raw: readonly string[]): Set<string> | null {
  let names: Set<string> | null = null;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if ((raw[i] as string).length !== 10 || (raw[i] as string).toLowerCase() !== 'connection') continue;
    const value = (raw[i + 1] as string).toLowerCase();
    if (value === 'keep-alive' || value === 'close') continue;
    names ??= new Set();
    for (const name of value.split(',')) names.add(name.trim());
  }
  return names;
}
