import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwnClient } from './own-client.ts';
import { createUndiciClient } from './undici-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, type Wire } from './wire-harness.ts';

let wire: Wire;
let own: UpstreamClient;
let undici: UpstreamClient;
let parts: readonly Buffer[] = [];
let closes = false;

beforeAll(async () => {
  wire = await serveWire((socket) => {
    void (async () => {
      for (const part of parts) {
        socket.write(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (closes) socket.end();
    })();
  });
  own = createOwnClient({ allow: [wire.host] });
  undici = createUndiciClient({ allow: [wire.host] });
});
afterAll(async () => {
  await own.close();
  await undici.close();
  await wire.close();
});

const token = fc.stringMatching(/^x-[a-z]{1,8}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const body = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
const chunked = (bytes: Buffer, sizes: readonly number[], extension: string, trailer: string): Buffer => {
  const out: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.min(sizes[turn % sizes.length] ?? 1, bytes.length - at);
    out.push(Buffer.from(`${size.toString(16)}${extension}\r\n`), bytes.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...out, Buffer.from(`0\r\n${trailer}\r\n`)]);
};

const framed = fc.oneof(
  body.map((bytes) => ({ header: `content-length: ${bytes.length}`, wire: bytes, closes: false })),
  body.map((bytes) => ({ header: 'x-framing: close', wire: bytes, closes: true })),
  fc
    .tuple(
      body,
      fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', ';a', ';a=b;c="d"'),
      fc.constantFrom('', 'x-sum: 1\r\n'),
    )
    .map(([bytes, sizes, extension, trailer]) => ({
      header: 'transfer-encoding: chunked',
      wire: chunked(bytes, sizes, extension, trailer),
      closes: false,
    })),
);

const answer = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST'),
  status: fc.constantFrom(200, 201, 204, 206, 301, 304, 400, 404, 429, 500, 503),
  early: fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
  fields: fc.array(fc.tuple(token, value), { maxLength: 6 }),
  framed,
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
});

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((share) => Math.floor(share * bytes.length)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

/** What an undici client and ours must agree on: repeated headers may be one list or several. */
function comparable({ status, headers, body: text, ended, failure }: Awaited<ReturnType<typeof ask>['done']>) {
  const flat = Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, [one].flat()]));
  return { status, headers: flat, body: text, ended, failed: failure !== null };
}

describe('the own client and undici', () => {
  it('tell the same of any well-formed answer, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async ({ method, status, early, fields, framed: sent, cuts }) => {
        const bodiless = method === 'HEAD' || status === 204 || status === 304;
        // Undici fails a 304 with the length of what was not modified, which the standard allows.
        const framing = status === 204 || status === 304 ? [] : [sent.header];
        const lines = [...fields.map(([name, text]) => `${name}: ${text}`), ...framing, 'x-last: 1'].join('\r\n');
        const head = Buffer.from(`${early}HTTP/1.1 ${status} Any Reason\r\n${lines}\r\n\r\n`);
        parts = cut(Buffer.concat([head, ...(bodiless ? [] : [sent.wire])]), cuts);
        closes = sent.closes;
        const ours = comparable(await ask(own, wire.origin, { method }).done);
        const theirs = comparable(await ask(undici, wire.origin, { method }).done);
        expect(ours).toEqual(theirs);
        expect(ours).toMatchObject({ status, ended: true, failed: false });
      }),
      { numRuns: 150 },
    );
  });
});
