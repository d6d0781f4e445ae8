import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createOwnClient } from './own-client.ts';
import type { UpstreamClient } from './upstream.ts';
import { ask, serveWire, type Wire } from './wire-harness.ts';

const CALLS = 1_500;
const AT_ONCE = 24;
const opened: (Wire | UpstreamClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A number below `below` that depends on the call and on what it is for: the same in every run. */
function draw(call: number, purpose: string, below: number): number {
  return createHash('sha256').update(`${call} ${purpose}`).digest().readUInt32BE(0) % below;
}

/** What the answer to a call has to be, and nobody else's is. */
function bodyOf(call: number): string {
  return `<${call}>${'x'.repeat(draw(call, 'length', 3_000))}</${call}>`;
}

function chunkedBody(call: number): string {
  const body = bodyOf(call);
  const cut = 1 + draw(call, 'cut', body.length - 1);
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk(body.slice(0, cut))}${chunk(body.slice(cut))}0\r\n\r\n`;
}

type Socket = Parameters<Parameters<typeof serveWire>[0]>[0];
const withLength = (call: number, more = '') =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${bodyOf(call).length}\r\n\r\n${bodyOf(call)}`;

const MANNERS: readonly ((socket: Socket, call: number) => void)[] = [
  (socket, call) => socket.write(withLength(call)),
  (socket, call) => socket.write(chunkedBody(call)),
  (socket, call) => {
    const text = chunkedBody(call);
    const cut = draw(call, 'split', text.length);
    socket.write(text.slice(0, cut));
    setTimeout(() => socket.write(text.slice(cut)), draw(call, 'wait', 4));
  },
  (socket, call) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${bodyOf(call)}`),
  (socket, call) => socket.end(withLength(call, 'connection: close\r\n')),
  (socket, call) => socket.end(withLength(call)),
  (socket, call) => socket.write(`${withLength(call)}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison`),
  (socket) => socket.end(),
  (socket) => socket.resetAndDestroy(),
  (socket, call) => {
    socket.write(withLength(call).slice(0, -3));
    setTimeout(() => socket.destroy(), draw(call, 'wait', 4));
  },
];

describe('many calls to an upstream that behaves in every way', () => {
  it('each end once, with their own answer or none, and reach it at most once', async () => {
    const seen = new Map<number, number>();
    const wire = await serveWire((socket, request) => {
      const call = Number(/^\w+ \/(\d+) /.exec(request)?.[1]);
      seen.set(call, (seen.get(call) ?? 0) + 1);
      MANNERS[draw(call, 'manner', MANNERS.length)]?.(socket, call);
    });
    const client = createOwnClient({ allow: [wire.host], connectionsMax: 16 });
    opened.push(wire, client);
    let next = 0;
    let whole = 0;
    let broken = 0;
    const worker = async () => {
      for (let call = next++; call < CALLS; call = next++) {
        const asked = ask(client, wire.origin, {
          ...(draw(call, 'method', 2) === 0 ? {} : { method: 'POST', body: Buffer.from(bodyOf(call)) }),
          target: `/${call}`,
          onData(_chunk, exchange) {
            if (draw(call, 'pauses', 3) !== 0) return;
            exchange.pause();
            setTimeout(() => exchange.resume(), draw(call, 'pause', 3));
          },
        });
        if (draw(call, 'aborts', 10) === 0) setTimeout(() => asked.exchange.abort(), draw(call, 'abort', 5));
        const { ended, body, failure } = await asked.done;
        expect(ended).toBe(failure === null);
        if (ended) expect(body).toBe(bodyOf(call));
        else expect(bodyOf(call).startsWith(body)).toBe(true);
        if (ended) whole += 1;
        else broken += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(whole + broken).toBe(CALLS);
    expect(whole).toBeGreaterThan(CALLS / 2);
    expect(Math.max(...seen.values())).toBe(1);
    expect(wire.connections.length).toBeLessThan(CALLS);
  });
});
