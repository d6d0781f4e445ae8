import { importPeer } from './import-peer.ts';
import { type MppxSellerTerms, stripeMethod } from './mppx-seller.ts';
import { doWork, listenAs, newWork, type PeerSeller } from './seller.ts';

type Charge = (request: Request) => Promise<unknown>;

interface Server {
  readonly Mppx: {
    create(options: {
      readonly realm: string;
      readonly secretKey: string;
      readonly requiresAuth: boolean;
      readonly methods: readonly unknown[];
    }): { readonly stripe: { charge(options: { amount: string }): Charge } };
  };
  readonly stripe: { charge(options: object): unknown };
}

interface ProxyModule {
  readonly Proxy: {
    create(config: { readonly services: readonly unknown[] }): { readonly listener: Parameters<typeof listenAs>[0] };
  };
  custom(id: string, config: { readonly baseUrl: string; readonly routes: Readonly<Record<string, Charge>> }): unknown;
}

/**
 * The unmodified proxy of mppx before an upstream of its own, whose work this is: `/items/:id` below `/api`, each for the same
 * amount by method `stripe`, with the credential beside a key. It matches routes by `URLPattern`, which Node 20 lacks.
 */
export async function startMppxProxy(terms: Pick<MppxSellerTerms, 'stripe' | 'amount'>): Promise<PeerSeller> {
  if (!('URLPattern' in globalThis)) await importPeer('mppx', 'urlpattern-polyfill');
  const [{ Mppx, stripe }, { Proxy: proxies, custom }] = await Promise.all([
    importPeer<Server>('mppx', 'mppx/server'),
    importPeer<ProxyModule>('mppx', 'mppx/proxy'),
  ]);
  const work = newWork();
  const upstream = await listenAs((request, response) => void doWork(work, request, response), work);
  const mppx = Mppx.create({
    ...{ realm: '127.0.0.1', secretKey: 'k'.repeat(32), requiresAuth: true },
    methods: [stripeMethod(stripe, terms.stripe)],
  });
  const routes = { 'GET /items/:id': mppx.stripe.charge({ amount: terms.amount }) };
  const { listener } = proxies.create({ services: [custom('api', { baseUrl: upstream.url, routes })] });
  const seller = await listenAs(listener, work);
  return {
    ...{ url: `${seller.url}/api`, work },
    async close() {
      await seller.close();
      await upstream.close();
    },
  };
}
