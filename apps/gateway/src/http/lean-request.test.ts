import { createServer, request as httpRequest, IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Collected, LeanRequest } from './lean-request.ts';
import { listen } from './server.ts';

const servers: Server[] = [];
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serve(handle: (request: LeanRequest, response: ServerResponse) => void): Promise<number> {
  const { server, port } = await listen({ host: '127.0.0.1', port: 0 }, handle);
  servers.push(server);
  return port;
}

/** A connection, and all that the server said on it. */
function dial(port: number): { readonly socket: Socket; readonly said: () => string } {
  const socket = connect(port, '127.0.0.1');
  clients.push(socket);
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1');
  });
  socket.on('error', () => undefined);
  return { socket, said: () => said };
}

const head = (length: number) => `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const echo = async (request: LeanRequest, response: ServerResponse) => {
  const collected = await request.collect(1_000_000);
  response.end(collected.kind === 'whole' ? `<${collected.bytes.toString()}>` : collected.kind);
};

describe('what Node has that a lean request relies on', () => {
  it('a server pushes into requests of its own class, and dumps by _dump what nobody read', async () => {
    const calls: string[] = [];
    class Noting extends IncomingMessage {
      override push(part: unknown): boolean {
        calls.push(part === null ? 'push end' : 'push');
        return super.push(part);
      }
      _dump(): void {
        calls.push('_dump');
        Object.getPrototypeOf(Noting.prototype)._dump.call(this);
      }
    }
    expect(typeof (IncomingMessage.prototype as unknown as Record<string, unknown>)._dump).toBe('function');
    const server = createServer({ IncomingMessage: Noting }, (_request, response) => response.end('ok'));
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { socket, said } = dial((server.address() as AddressInfo).port);
    socket.write(`${head(2)}hi`);
    await expect.poll(said).toMatch(/ok/);
    await expect.poll(() => calls).toEqual(expect.arrayContaining(['push', 'push end', '_dump']));
  });
});

describe('a lean request', () => {
  it('gives its body whole, however it came, one after the other on a connection', async () => {
    const port = await serve(echo);
    const { socket, said } = dial(port);
    socket.write(`${head(5)}hello`);
    await expect.poll(said).toMatch(/<hello>/);
    socket.write(`${head(5)}he`);
    await turn();
    socket.write('ll');
    await turn();
    socket.write('o');
    await expect.poll(() => said().match(/<hello>/g)?.length).toBe(2);
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n');
    await expect.poll(said).toMatch(/<abcde>/);
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await expect.poll(said).toMatch(/<>/);
    socket.write(`${head(1)}1${head(1)}2`);
    await expect.poll(said).toMatch(/<1>[\s\S]*<2>/);
  });

  it('gives a body that came before anybody asked, at once, without a promise', async () => {
    let collected: Collected | Promise<Collected> | null = null;
    const port = await serve(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collected = request.collect(10);
      response.end('ok');
    });
    const { socket, said } = dial(port);
    socket.write(`${head(2)}hi`);
    await expect.poll(said).toMatch(/ok/);
    expect(collected).toEqual({ kind: 'whole', bytes: Buffer.from('hi') });
  });

  it('holds the sender up while nobody has asked for a long body, and then gives all of it', async () => {
    const ask: (() => void)[] = [];
    const total = 32 * 1024 * 1024;
    let bytes = 0;
    const port = await serve((request, response) => {
      ask.push(async () => {
        const collected = await request.collect(total);
        bytes = collected.kind === 'whole' ? collected.bytes.length : -1;
        response.end('ok');
      });
    });
    const { socket, said } = dial(port);
    socket.write(head(total));
    let isAllSent = false;
    socket.write(Buffer.alloc(total), () => {
      isAllSent = true;
    });
    await expect.poll(() => ask.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAllSent).toBe(false);
    ask[0]?.();
    await expect.poll(said).toMatch(/ok/);
    expect(bytes).toBe(total);
  });

  it.each([
    ['announced', `${head(20)}${'x'.repeat(20)}`],
    [
      'in chunks',
      `POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n14\r\n${'x'.repeat(20)}\r\n0\r\n\r\n`,
    ],
  ])('keeps no body that is longer than allowed, %s, and the connection goes on', async (_what, text) => {
    const kinds: string[] = [];
    const port = await serve(async (request, response) => {
      const collected = await request.collect(10);
      kinds.push(collected.kind);
      response.end('ok');
    });
    const { socket, said } = dial(port);
    for (const part of [text.slice(0, -15), text.slice(-15)]) {
      socket.write(part);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await expect.poll(said).toMatch(/ok/);
    socket.write(`${head(2)}hi`);
    await expect.poll(() => kinds).toEqual(['too-large', 'whole']);
  });

  it('drops a body that nobody asked for, however long it is, and the connection goes on', async () => {
    const targets: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      targets.push(request.url);
      response.end('ok');
    });
    const { socket } = dial(port);
    socket.write(head(3_000_000));
    socket.write(Buffer.alloc(3_000_000));
    socket.write('GET /next HTTP/1.1\r\nhost: a\r\n\r\n');
    await expect.poll(() => targets).toEqual(['/', '/next']);
  });

  it('becomes a stream with all that came before and after, with back-pressure', async () => {
    let received = '';
    const port = await serve(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      for await (const part of request.stream()) received += String(part);
      response.end('ok');
    });
    const { socket, said } = dial(port);
    socket.write(`${head(9)}abc`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    socket.write('defghi');
    await expect.poll(said).toMatch(/ok/);
    expect(received).toBe('abcdefghi');
    socket.write(`${head(2)}hi`);
    await expect.poll(() => received).toBe('abcdefghihi');
  });

  it('is given once', async () => {
    const request = new LeanRequest(undefined as unknown as Socket);
    request.push(null);
    expect(request.collect(1)).toEqual({ kind: 'whole', bytes: Buffer.alloc(0) });
    const other = new LeanRequest(undefined as unknown as Socket);
    void other.collect(1);
    expect(() => other.collect(1)).toThrow(/taken before/);
    expect(() => other.stream()).toThrow(/taken before/);
  });

  it('says so when its sender goes in the middle', async () => {
    const kinds: string[] = [];
    const port = await serve(async (request) => void kinds.push((await request.collect(10)).kind));
    const { socket } = dial(port);
    socket.write(`${head(9)}abc`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    await expect.poll(() => kinds).toEqual(['broken']);
  });

  it('works with a client that waits for 100 Continue', async () => {
    const port = await serve(echo);
    const answer = await new Promise<string>((resolve, reject) => {
      const asked = httpRequest({
        port,
        host: '127.0.0.1',
        method: 'POST',
        headers: { expect: '100-continue', 'content-length': 2 },
      });
      asked.on('continue', () => asked.end('hi'));
      asked.on('response', (response) => response.setEncoding('latin1').on('data', resolve));
      asked.on('error', reject);
    });
    expect(answer).toBe('<hi>');
  });
});
