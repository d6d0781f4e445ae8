import fc from 'fast-check';

/** One change of a text, by numbers that fit any text: they are taken modulo what there is. */
export interface Mutation {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}

const KINDS = [
  ...['insert', 'delete', 'duplicate', 'replace', 'swap-case', 'move-line', 'copy-line'],
  ...['copy-member', 'escape', 'member', 'space'],
] as const;

/** Pieces that mean something to some parser, or did once. */
const PIECES = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    '\x0b',
    ':',
    ';',
    ',',
    '"',
    '\\',
    '/',
    '%',
    '#',
    '?',
    '{',
    '}',
    '[',
    ']',
    '0',
    '-',
  ],
  ...[
    '\r\n\r\n',
    '0\r\n\r\n',
    '\r\n ',
    '/../',
    '/./',
    '//',
    '%2e%2e',
    '%2f',
    '%5c',
    '%00',
    ';a=b',
    '\xe9',
    '\xff',
    '\xef\xbb\xbf',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    'Content-Length: 0\r\n',
    'Content-Length: 5\r\n',
  ],
  ...[
    'Host: elsewhere\r\n',
    'Connection: close\r\n',
    'Connection: upgrade\r\nUpgrade: h2c\r\n',
    'Expect: 100-continue\r\n',
  ],
  ...[
    'Content-Encoding: gzip\r\n',
    'Content-Type: text/plain\r\n',
    'X_HTTP_Method_Override: DELETE\r\n',
    'X-Forwarded-Host: a\r\n',
  ],
  ...['GET ', 'HEAD ', 'POST ', 'PUT ', 'TRACE ', ' HTTP/1.0', ' HTTP/2.0', 'chunked', 'http://elsewhere'],
  ...['\u017f'.normalize(), '\\u006d', '\\u005f', '\\u0000', '1e2', '-0', '1.0', 'null', 'true', '"true"', '999999'],
].map((text) => Buffer.from(text, 'utf8').toString('latin1'));

const MEMBERS = [
  ...['"model":"toll-large"', '"model":["toll-large"]', '"max_tokens":999', '"max_tokens":1e2', '"max_tokens":null'],
  ...[
    '"max_tokens":"9"',
    '"max_completion_tokens":9',
    '"max_output_tokens":9',
    '"n":2',
    '"n":1e1',
    '"best_of":3',
    '"n":0',
  ],
  ...[
    '"stream":true',
    '"stream":false',
    '"stream":1',
    '"stream_options":{"include_usage":false}',
    '"Model":"toll-large"',
  ],
  ...[
    '"MAX_TOKENS":999',
    '"maxTokens":999',
    '"max_token\u017f":999',
    '"max_to\u212aens":999',
    '"max\\u005ftokens":999',
  ],
  ...[
    '"prompt":["a","b"]',
    '"prompt":"a"',
    '"input":"a"',
    '"messages":[]',
    '"previous_response_id":"r"',
    '"prompt":{"id":"p"}',
  ],
  ...['"__proto__":{"max_tokens":1}', '"x":{"model":"toll-large","max_tokens":9}', '"max_tokens\\u0000":999'],
].map((text) => Buffer.from(text, 'utf8').toString('latin1'));

/** Changes as numbers and pieces. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(100_000),
  length: fc.integer({ min: 1, max: 12 }),
  piece: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) },
  ),
});

/** Applies a change to a text whose characters are bytes. */
export function mutated(text: string, { kind, at: where, length, piece }: Mutation): string {
  const at = text.length === 0 ? 0 : where % text.length;
  const cut = text.slice(at, at + length);
  const splice = (middle: string, removed = 0) => text.slice(0, at) + middle + text.slice(at + removed);
  switch (kind) {
    case 'insert':
      return splice(piece);
    case 'delete':
      return splice('', length);
    case 'duplicate':
      return splice(cut);
    case 'replace':
      return splice(piece, piece.length);
    case 'swap-case':
      return splice(swapCase(cut), length);
    case 'move-line':
      return withLines(text, where, (lines, from, to) => lines.splice(to, 0, ...lines.splice(from, 1)));
    case 'copy-line':
      return withLines(text, where, (lines, from, to) => lines.splice(to, 0, lines[from] ?? ''));
    case 'copy-member':
      return withMembers(text, (members) => [...members, members[where % members.length] ?? '']);
    case 'member':
      return withMembers(text, (members) => inserted(members, where, MEMBERS[where % MEMBERS.length] ?? ''));
    case 'escape':
      return escapedLetter(text, where);
    case 'space':
      return text.replace(/(?<=[{,:])/, [' ', '\t', '\n', '\r'][where % 4] ?? ' ');
  }
}

function inserted(members: readonly string[], where: number, member: string): string[] {
  return members.toSpliced(Math.floor(where / MEMBERS.length) % (members.length + 1), 0, member);
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
}

/** The lines between the first one and the body. */
function withLines(
  text: string,
  where: number,
  change: (lines: string[], from: number, to: number) => unknown,
): string {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return text;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  if (lines.length === 0) return text;
  change(lines, where % lines.length, Math.floor(where / lines.length) % lines.length);
  return [first, ...lines].join('\r\n') + text.slice(end);
}

/** The members of the last object that is written as `{...}` at the end of a text, as far as commas tell them apart. */
function withMembers(text: string, change: (members: string[]) => string[]): string {
  const open = text.indexOf('{"');
  const close = text.lastIndexOf('}');
  if (open === -1 || close < open) return text;
  const members = text.slice(open + 1, close).split(/,(?=")/);
  return text.slice(0, open + 1) + change(members).join(',') + text.slice(close);
}

function escapedLetter(text: string, where: number): string {
  const names = [...text.matchAll(/"[a-z_]+":/g)];
  const found = names[where % Math.max(1, names.length)];
  if (found === undefined) return text;
  const at = found.index + 1 + (where % (found[0].length - 3));
  const code = text.charCodeAt(at).toString(16).padStart(4, '0');
  return `${text.slice(0, at)}\\u${where % 2 === 0 ? code : code.toUpperCase()}${text.slice(at + 1)}`;
}

/** Writes the right length into a request, so that a changed body is still read as a whole. */
export function repaired(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return text;
  const bytes = text.length - end - 4;
  return text.slice(0, end).replace(/content-length: *\d+/i, `Content-Length: ${bytes}`) + text.slice(end);
}

/** Frames the body of a request in chunks of the given sizes, over and over. */
export function chunked(text: string, sizes: readonly number[]): string {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1 || !/content-length: *\d+/i.test(text.slice(0, end))) return text;
  const head = text.slice(0, end).replace(/content-length: *\d+/i, 'Transfer-Encoding: chunked');
  const body = text.slice(end + 4);
  let chunks = '';
  for (let at = 0, index = 0; at < body.length; index++) {
    const part = body.slice(at, at + (sizes[index % sizes.length] ?? body.length));
    chunks += `${part.length.toString(16)}\r\n${part}\r\n`;
    at += part.length;
  }
  return `${head}\r\n\r\n${chunks}0\r\n\r\n`;
}
