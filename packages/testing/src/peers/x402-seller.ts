import type { RequestListener } from 'node:http';
import { importPeer } from './import-peer.ts';
import { doWork, listenAs, newWork, type PeerSeller } from './seller.ts';

interface Core {
  readonly HTTPFacilitatorClient: new (options: { url: string }) => object;
}
type Schemes<Name extends string> = Readonly<Record<Name, new () => object>>;
interface ResourceServer {
  register(network: string, scheme: object): ResourceServer;
}
interface Middleware {
  readonly x402ResourceServer: new (client: object) => ResourceServer;
  paymentMiddleware(routes: object, server: object): RequestListener;
}
type Express = () => RequestListener & {
  use(handler: unknown): void;
  get(path: string, handler: RequestListener): void;
};

/** Who is paid through which facilitator, and what a call costs in dollars, as `$0.60`. */
export interface X402SellerTerms {
  readonly facilitatorUrl: string;
  readonly network: string;
  readonly payTo: string;
  readonly price: string;
}

/**
 * A seller by the unmodified `@x402/express`, as its documentation sets it up: `/paid` and `/also-paid` at one price, and `/metered`, by
 * scheme `upto`, with that price as the ceiling.
 */
export async function startX402Seller({ facilitatorUrl, network, payTo, price }: X402SellerTerms): Promise<PeerSeller> {
  const peer = 'x402-express';
  const [core, exact, upto, { paymentMiddleware, x402ResourceServer }, express] = await Promise.all([
    importPeer<Core>(peer, '@x402/core/server'),
    importPeer<Schemes<'ExactEvmScheme'>>(peer, '@x402/evm/exact/server'),
    importPeer<Schemes<'UptoEvmScheme'>>(peer, '@x402/evm/upto/server'),
    importPeer<Middleware>(peer, '@x402/express'),
    importPeer<{ readonly default: Express }>(peer, 'express'),
  ]);
  const client = new core.HTTPFacilitatorClient({ url: facilitatorUrl });
  const server = new x402ResourceServer(client)
    .register(network, new exact.ExactEvmScheme())
    .register(network, new upto.UptoEvmScheme());
  const accepts = [{ scheme: 'exact', price, network, payTo }];
  const metered = [{ scheme: 'upto', price, network, payTo }];
  const work = newWork();
  const app = express.default();
  app.use(
    paymentMiddleware(
      { 'GET /paid': { accepts }, 'GET /also-paid': { accepts }, 'GET /metered': { accepts: metered } },
      server,
    ),
  );
  for (const path of ['/paid', '/also-paid', '/metered'])
    app.get(path, (request, response) => void doWork(work, request, response));
  return listenAs(app, work);
}
