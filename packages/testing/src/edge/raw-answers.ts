/** An answer as it came over the wire, its chunks joined. */
export interface RawAnswer {
  readonly status: number;
  /** By name in lower case; the last of several. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';

/**
 * Takes answers off the front of what a connection delivered. `isHead` tells of the n-th final answer whether it is one
 * to HEAD; `isClosed` ends an answer without length. Throws where the bytes are no answer.
 */
export function takeAnswers(
  bytes: Buffer,
  isClosed: boolean,
  isHead: (index: number) => boolean,
): { readonly answers: readonly RawAnswer[]; readonly rest: Buffer } {
  const answers: RawAnswer[] = [];
  let rest = bytes;
  let final = 0;
  for (;;) {
    const taken = takeAnswer(rest, isClosed, isHead(final));
    if (taken === null) return { answers, rest };
    answers.push(taken.answer);
    rest = taken.rest;
    if (taken.answer.status >= 200) final++;
  }
}

type Taken<T> = { readonly rest: Buffer } & T;

function takeAnswer(bytes: Buffer, isClosed: boolean, isHead: boolean): Taken<{ answer: RawAnswer }> | null {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return null;
  const [first = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (!(status >= 100)) throw new Error(`no answer begins with ${JSON.stringify(first.slice(0, 80))}`);
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  const taken = takeBody(bytes.subarray(end + HEAD_END.length), headers, isClosed, isHead || hasNoBody(status));
  return taken && { answer: { status, headers, body: taken.body }, rest: taken.rest };
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

function takeBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  isClosed: boolean,
  isNone: boolean,
): Taken<{ body: Buffer }> | null {
  if (isNone) return { body: Buffer.alloc(0), rest: bytes };
  if (headers['transfer-encoding'] === 'chunked') return takeChunks(bytes);
  const length = headers['content-length'];
  if (length === undefined) return isClosed ? { body: bytes, rest: Buffer.alloc(0) } : null;
  const count = Number(length);
  return bytes.length < count ? null : { body: bytes.subarray(0, count), rest: bytes.subarray(count) };
}

function takeChunks(bytes: Buffer): Taken<{ body: Buffer }> | null {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return null;
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (size === 0) {
      // The last chunk has no bytes: trailers may follow its line, and an empty line ends them.
      const trailersEnd = bytes.indexOf(HEAD_END, end);
      return trailersEnd === -1
        ? null
        : { body: Buffer.concat(parts), rest: bytes.subarray(trailersEnd + HEAD_END.length) };
    }
    const next = end + 2 + size + 2;
    if (bytes.length < next) return null;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = next;
  }
}
