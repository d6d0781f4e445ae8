import { createServer } from 'node:http';
import type { VolumeDiscount } from '@tollwright/contracts';
import { type MppxCheck, validateByMppx } from '@tollwright/testing';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayProcess } from './gateway-harness.ts';
import { openPricedStage, type PricedStage, SECRET_KEY, soldAt } from './priced-stage-harness.ts';
import { untilServed } from './until-harness.ts';

const PRICE = 600_000_000n;
/** The validator is a program of its own, which loads everything first and pays six times. */
const VALIDATED_MS = 120_000;
const RULE: VolumeDiscount = { period: 'month', tiers: [{ measure: 'calls', from: 100, percentOff: 10 }] };
const CITY = { type: 'string', example: 'Porto' };

let priced: PricedStage;
let gateway: GatewayProcess;
const tempoKey = generatePrivateKey();

beforeAll(async () => {
  priced = await openPricedStage();
  await priced.tempo.fund(privateKeyToAccount(tempoKey).address, 50_000_000n);
  gateway = await priced.startGateway('one', { GATEWAY_PUBLIC_URL: 'http://127.0.0.1' });
});
beforeEach(() => sell(PRICE));
afterAll(() => priced?.close());

/** The weather is for sale, for less to who pays often, quotes too, and the models are for keys alone. */
async function sell(price: bigint): Promise<void> {
  const version = await priced.publish((route) => {
    if (route.operationId === 'getWeather') {
      const parameters = [{ name: 'city', in: 'query' as const, required: false, schema: { $ref: '#/$defs/City' } }];
      const requestSchema = { parameters, body: null, definitions: { City: CITY } };
      return { ...soldAt(price)(route), summary: 'The weather of a city', requestSchema, discount: RULE };
    }
    if (route.operationId !== 'getQuote') return route;
    const parameters = [
      { name: 'symbol', in: 'path' as const, required: true, schema: { type: 'string', example: 'TOLL' } },
    ];
    return { ...soldAt(price)(route), requestSchema: { parameters, body: null, definitions: {} } };
  });
  await untilServed(gateway, version);
}

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
};
const read = async (path: string) => (await (await fetch(`${gateway.url}${path}`)).json()) as Document;
type Offered = { readonly method: string; readonly intent: string; readonly amount: string | null };
type Info = { readonly offers: readonly Offered[] };
const offersOf = (operation: Readonly<Record<string, unknown>> | undefined) =>
  (operation?.['x-payment-info'] as Info | undefined)?.offers ?? [];

async function pricesAt(path: string): Promise<string[]> {
  const { paths } = await read(path);
  return offersOf(paths['/weather']?.get)
    .filter(({ method }) => method === 'stripe')
    .map(({ amount }) => String(amount));
}

const payers = () => ({
  evm: { privateKey: priced.payerKey, chainId: priced.chain.chainId, usdc: priced.chain.usdc },
  tempo: { privateKey: tempoKey, rpcUrl: priced.tempo.rpcUrl },
  stripe: { url: priced.stripe.url, secretKey: SECRET_KEY, paymentMethod: 'pm_card_visa' },
});

const failed = (checks: readonly MppxCheck[]) => checks.filter(({ severity }) => severity !== 'pass');
const paid = (checks: readonly MppxCheck[]) => checks.filter(({ label }) => label === 'Payment: successful').length;

describe('mppx validate', { timeout: VALIDATED_MS }, () => {
  it.each([
    ['an API', '/acme/llm', ['GET /weather', 'GET /quotes/{symbol}']],
    ['the gateway', '', ['GET /acme/llm/weather', 'GET /acme/llm/quotes/{symbol}']],
  ])(
    'finds what %s sells, and fails nothing: every price is asked for and paid on every rail',
    async (_what, path, sold) => {
      const { code, verdict } = await validateByMppx(`${gateway.url}${path}`, payers());
      const { summary, discovery, endpoints } = verdict;
      expect([code, summary.failed, failed(discovery.checks)]).toEqual([0, 0, []]);
      expect(endpoints.map(({ method, path: at }) => `${method} ${at}`).sort()).toEqual([...sold].sort());
      for (const { challenge, errorHandling, payment } of endpoints) {
        expect([failed(challenge), failed(errorHandling), failed(payment)]).toEqual([[], [], []]);
        expect(paid(payment)).toBe(3);
      }
    },
  );

  it('fails a service whose document promises no 402', async () => {
    const document = await read('/acme/llm/openapi.json');
    const { responses: _, ...weather } = document.paths['/weather']?.get ?? {};
    const liar = createServer((request, response) => {
      response.setHeader('content-type', request.url === '/openapi.json' ? 'application/json' : 'text/plain');
      response.end(JSON.stringify({ ...document, paths: { '/weather': { get: weather } } }));
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    const { port } = liar.address() as { readonly port: number };
    const { code, verdict } = await validateByMppx(`http://127.0.0.1:${port}`, payers());
    await new Promise((resolve) => liar.close(resolve));
    expect([code, verdict.summary.failed > 0]).toEqual([1, true]);
  });
});

describe('what is for sale', () => {
  it('has the price of the newest publication', async () => {
    await sell(2n * PRICE);
    expect(await pricesAt('/acme/llm/openapi.json')).toEqual(['120']);
    const response = await fetch(`${gateway.url}/acme/llm/llms.txt`);
    expect([response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      'text/plain; charset=utf-8',
      'public, max-age=300',
    ]);
    const text = await response.text();
    expect(text).toContain(
      '- `GET /weather` (The weather of a city): 1.20 USD a call, by tempo, x402, evm, stripe; 10 %',
    );
    expect(text).toContain('- `POST /v1/messages` (createMessage): with an API key');
  });

  it('says to everybody who pays less', async () => {
    const words = '10 % off from the 101st call of a month';
    for (const [path, weather] of [
      ['/acme/llm/openapi.json', '/weather'],
      ['/openapi.json', '/acme/llm/weather'],
    ] as const) {
      const { paths } = await read(path);
      expect(paths[weather]?.get).toMatchObject({
        description: expect.stringContaining(`${words}. Volume discounts are for`) as unknown,
        'x-volume-discount': { period: 'month', tiers: [{ fromCalls: 100, percentOff: 10 }] },
      });
      const others = Object.entries(paths).filter(([at]) => at !== weather);
      expect(JSON.stringify(others)).not.toMatch(/% off|x-volume-discount/);
    }
    const text = await (await fetch(`${gateway.url}/acme/llm/llms.txt`)).text();
    expect(text.split(words)).toHaveLength(2);
    expect(text).toContain('Volume discounts are for the customer of an API key and for wallets that sign in');
  });

  it('names every offer of the 402, and 401 where only keys may call', async () => {
    const { paths, components } = await read('/acme/llm/openapi.json');
    const weather = paths['/weather']?.get;
    expect(offersOf(weather).map(({ method, intent, amount }) => [method, intent, amount])).toEqual([
      ['tempo', 'charge', '600000'],
      ['x402', 'exact', '600000'],
      ['x402', 'upto', '600000'],
      ['evm', 'charge', '600000'],
      ['stripe', 'charge', '60'],
    ]);
    expect(Object.keys((weather?.responses ?? {}) as object)).toEqual(['200', '402']);
    expect(Object.keys((paths['/v1/messages']?.post?.responses ?? {}) as object)).toEqual(['200', '401']);
    expect(weather?.parameters).toEqual([
      { name: 'city', in: 'query', required: false, schema: { $ref: '#/components/schemas/City' } },
    ]);
    expect(components.schemas).toEqual({ City: CITY });
  });

  it('of the gateway is only what strangers can buy, under names that are its own', async () => {
    const { paths, components } = await read('/openapi.json');
    expect(Object.keys(paths).sort()).toEqual(['/acme/llm/quotes/{symbol}', '/acme/llm/weather']);
    expect(Object.keys(components.schemas)).toEqual(['acme.llm.City']);
    expect(await read('/.well-known/x402')).toEqual({
      version: 1,
      resources: ['http://127.0.0.1/acme/llm/weather'],
    });
    expect(await (await fetch(`${gateway.url}/llms.txt`)).text()).toContain(
      '- [Acme LLM](http://127.0.0.1/acme/llm/llms.txt)',
    );
  });

  it('tells neither where the upstream is nor anything sealed', async () => {
    for (const path of ['/openapi.json', '/acme/llm/openapi.json', '/acme/llm/llms.txt', '/llms.txt']) {
      const text = await (await fetch(`${gateway.url}${path}`)).text();
      expect(text).not.toMatch(/sealed|v1\.k1|upstream-secret/);
      expect(text).not.toContain(new URL(priced.stage.upstream.url).port);
    }
  });

  it('is not sent again to who has it, and not written to', async () => {
    const url = `${gateway.url}/acme/llm/openapi.json`;
    const first = await fetch(url);
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([first.status, again.status, await again.text()]).toEqual([200, 304, '']);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')) > 0]).toEqual([200, true]);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('leaves a path to the API that has a route there', async () => {
    await priced.publish((route) => ({
      ...soldAt(PRICE)(route),
      ...(route.operationId === 'getWeather' ? { pathTemplate: '/openapi.json' } : {}),
    }));
    const status = async () => (await fetch(`${gateway.url}/acme/llm/openapi.json`)).status;
    await expect.poll(status).toBe(402);
  });
});
