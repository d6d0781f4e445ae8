import { malformed, ok, type Parsed } from '../parsed.ts';

/** One challenge of `WWW-Authenticate`: its scheme as written, and its parameters by lower-cased name. */
export type AuthChallenge = { readonly scheme: string; readonly parameters: Readonly<Record<string, string>> };

/** Longest header value that is read: several challenges may be joined in one. */
const headerCharactersMax = 65_536;

const separators = /[ \t,]*/y;
const spaces = /[ \t]*/y;
const schemeName = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const parameterName = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*/y;
const quotedString = /"([^"\\]*(?:\\.[^"\\]*)*)"/sy;
const quotedPair = /\\(?:u([0-9A-Fa-f]{4})|(.))/gs;

/**
 * Reads a value of `WWW-Authenticate`, which may hold challenges of several schemes with commas between them and within.
 * What could be read before a mistake is kept; the mistake is the last item. Source: RFC 9110, section 11.6.1.
 */
export function parseAuthChallenges(header: string): readonly Parsed<AuthChallenge>[] {
  if (header.length > headerCharactersMax) return [malformed(`longer than ${headerCharactersMax} characters`)];
  const reader = new Reader(header);
  const challenges: Parsed<AuthChallenge>[] = [];
  for (reader.skip(separators); !reader.atEnd(); reader.skip(separators)) {
    const challenge = readChallenge(reader);
    challenges.push(challenge);
    if (challenge.kind === 'malformed') break;
  }
  return challenges;
}

function readChallenge(reader: Reader): Parsed<AuthChallenge> {
  const [scheme] = reader.take(schemeName) ?? [];
  if (scheme === undefined) return malformed(`no scheme at ${reader.at}`);
  if (!reader.isBetween()) return malformed(`no space or comma at ${reader.at}`);
  reader.skip(spaces);
  if (reader.take(token68) !== null) return ok({ scheme, parameters: {} });
  const parameters = new Map<string, string>();
  for (;;) {
    reader.skip(separators);
    const [, name] = reader.take(parameterName) ?? [];
    if (name === undefined) return ok({ scheme, parameters: Object.fromEntries(parameters) });
    const value = readValue(reader);
    if (value === null) return malformed(`no value at ${reader.at}`);
    if (parameters.has(name.toLowerCase())) return malformed(`${name} occurs twice`);
    parameters.set(name.toLowerCase(), value);
  }
}

/** A quoted string or a token, with nothing behind it but spaces and a comma; null for neither. */
function readValue(reader: Reader): string | null {
  const [, quoted] = reader.take(quotedString) ?? [];
  const value = quoted === undefined ? reader.take(schemeName)?.[0] : unquote(quoted);
  reader.skip(spaces);
  return value === undefined || !(reader.atEnd() || reader.atComma()) ? null : value;
}

function unquote(quoted: string): string {
  return quoted.replace(quotedPair, (_, unit: string | undefined, plain: string) =>
    unit === undefined ? plain : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What a sticky expression matches here, which is then behind; null when it does not match. */
  take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.#text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  skip(expression: RegExp): void {
    this.take(expression);
  }

  atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  atComma(): boolean {
    return this.#text[this.at] === ',';
  }

  isBetween(): boolean {
    return this.atEnd() || /[ \t,]/.test(this.#text[this.at] ?? '');
  }
}
