import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importPeer } from '../../peers/import-peer.ts';

/** What is used of mppx's server side; a `client` is viem's. */
interface MppxServer {
  readonly Mppx: {
    create(options: { realm: string; secretKey: string; methods: readonly unknown[] }): {
      charge(options: { amount: string }): Handler;
      session(options: { amount: string; unitType: string; suggestedDeposit: string }): Handler;
    };
  };
  readonly Request: { toNodeListener(handler: (request: Request) => Promise<Response>): RequestListener };
  readonly Store: { memory(): unknown };
  readonly tempo: { charge(options: object): unknown; session(options: object): unknown };
}

type Handler = (
  request: Request,
) => Promise<{ status: 402; challenge: Response } | { status: 200; withReceipt(response?: Response): Response }>;

/** A seller on loopback by mppx alone: a cent at `/charge`, and a cent from a session at `/session`. */
export async function openSeller(methods: (server: MppxServer) => readonly unknown[]) {
  const mppx = await importPeer<MppxServer>('mppx', 'mppx/server');
  const pay = mppx.Mppx.create({ realm: '127.0.0.1', secretKey: 'k'.repeat(32), methods: methods(mppx) });
  const charge = pay.charge({ amount: '0.01' });
  const session = pay.session({ amount: '0.01', unitType: 'request', suggestedDeposit: '1' });
  const listener = mppx.Request.toNodeListener(async (request) => {
    const paid = await (request.url.endsWith('/charge') ? charge : session)(request);
    return paid.status === 402 ? paid.challenge : answered(paid.withReceipt);
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What manages a session has an answer of its own; to all else ours is given. */
function answered(withReceipt: (response?: Response) => Response): Response {
  try {
    return withReceipt();
  } catch {
    return withReceipt(Response.json({ sky: 'clear' }));
  }
}
