import { nanoUsd } from '@tollwright/core';
import { createEgress } from '@tollwright/egress';
import {
  challengeAll,
  createEvmRail,
  createStripeRail,
  createX402Rail,
  FacilitatorPool,
  type MppIssuer,
  type Offer,
  type PaidRequest,
  type Rail,
  type RequestHeaders,
} from '@tollwright/payments';
import { mppKeyRing } from '@tollwright/protocols';
import { type Chain, type Facilitator, loadMppx, mppxPayers, startMppxSeller } from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/facilitator';
import { createPublicClient, type Hex, http } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { verifyTypedData } from 'viem/utils';
import type { Ends } from '../ends.ts';
import type { Subject } from './rates.ts';
import { signExact } from './sign-exact.ts';

export const PRICE = nanoUsd(600_000_000n);
const PAYMENTS = 256;

/** What is timed by itself, without a gateway. */
export interface Subjects {
  readonly verifications: readonly Subject[];
  readonly challenges: readonly Subject[];
}

/** Our check beside the reference facilitator's; our challenges beside mppx's. All payments are good and all are different. */
export async function subjectsOf(ends: Ends, chain: Chain, facilitator: Facilitator): Promise<Subjects> {
  const payTo = chain.accounts[1]?.address as Hex;
  const pool = new FacilitatorPool({
    facilitators: [{ url: facilitator.url }],
    fetch: createEgress({ allow: [`127.0.0.1:${facilitator.port}`] }).fetch,
  });
  ends.push(() => pool.close());
  await pool.ready;
  const wallet = {
    ...{ kind: 'x402' as const, network: `eip155:${chain.chainId}`, asset: chain.usdc, payTo, decimals: 6 },
    ...{ tokenName: 'USDC', tokenVersion: '2' },
  };
  const account = {
    ...{ kind: 'stripe' as const, networkId: 'profile_bench', currency: 'usd' as const, sealedKey: 'none' },
    paymentMethodTypes: ['card' as const],
  };
  const issuer: MppIssuer = { realm: 'bench.test', keyRing: mppKeyRing('k'.repeat(32)) };
  const x402 = createX402Rail(pool);
  const evm = createEvmRail(issuer, pool);
  const stripe = createStripeRail(issuer, () => {
    throw new Error('nothing is charged here');
  });
  const offersOf = (rail: Rail) => rail.quote([wallet, account], PRICE).offers;
  const request = requestOf();
  const signed = await Promise.all(Array.from({ length: PAYMENTS }, () => signExact(chain, payTo, 600_000n)));
  const headers = signed.map(({ payload }): RequestHeaders => ({ 'payment-signature': toHeader(payload) }));
  const stubbed = new ExactEvmScheme(stubbedSigner(chain) as never);
  const overLoopback = new ExactEvmScheme(loopbackSigner(chain) as never);
  return {
    verifications: [
      {
        name: 'tollwright, x402 exact',
        work: (turn) => check(x402, headers[turn % PAYMENTS] ?? {}, offersOf(x402), request),
      },
      await mppVerification(evm, chain, offersOf(evm), request),
      await mppxVerification(ends, chain),
      ...[
        { name: '@x402/evm exact, RPC stubbed', scheme: stubbed },
        { name: '@x402/evm exact, RPC of anvil on loopback', scheme: overLoopback },
      ].map(({ name, scheme }) => ({
        name,
        async work(turn: number) {
          const { payload, accepted } = signed[turn % PAYMENTS] ?? {};
          const { isValid, invalidReason } = await scheme.verify(payload as never, accepted as never);
          if (!isValid) throw new Error(`${name}: ${invalidReason}`);
        },
      })),
    ],
    challenges: [
      challengesBy('tollwright, stripe', [stripe], offersOf(stripe), request),
      challengesBy('tollwright, evm', [evm], offersOf(evm), request),
      challengesBy('tollwright, x402', [x402], offersOf(x402), request),
      challengesBy(
        'tollwright, x402 and evm and stripe',
        [x402, evm, stripe],
        [x402, evm, stripe].flatMap(offersOf),
        request,
      ),
      ...(await mppxChallenges(ends, chain, facilitator)),
    ],
  };
}

function requestOf(): PaidRequest {
  return {
    resource: { url: 'http://bench.test/acme/llm/weather', description: 'Weather', mimeType: 'application/json' },
    scope: { providerId: 'prv_1', apiId: 'api_1', routeId: 'rte_1', method: 'GET', keyId: null },
    body: null,
    nowMs: Date.now(),
  };
}

function check(rail: Rail, headers: RequestHeaders, offers: readonly Offer[], request: PaidRequest): void {
  const shown = rail.parse(headers);
  if (shown.kind !== 'presented') throw new Error(`a payment is ${shown.kind}`);
  const checked = shown.credential.check({ ...request, nowMs: Date.now(), offers });
  if (checked.kind !== 'accepted') throw new Error(checked.reason);
}

function challengesBy(name: string, rails: readonly Rail[], offers: readonly Offer[], request: PaidRequest): Subject {
  return {
    name,
    work() {
      const { headers } = challengeAll(rails, offers, { ...request, nowMs: Date.now(), reason: 'Pay for this call.' });
      if (headers.length === 0) throw new Error('nothing was written');
    },
  };
}

/** Credentials of mppx's own client, each for a challenge of its own. */
async function mppVerification(
  rail: Rail,
  chain: Chain,
  offers: readonly Offer[],
  request: PaidRequest,
): Promise<Subject> {
  const client = mppxPayers(await loadMppx()).evm({ privateKey: generatePrivateKey(), chainId: chain.chainId });
  const headers: RequestHeaders[] = [];
  for (let index = 0; index < 32; index++) {
    const { headers: fields } = rail.challenge(offers, { ...request, nowMs: Date.now() + index, reason: 'Pay.' });
    const asked = new Response(null, { status: 402, headers: fields.map(([name, value]) => [name, value]) });
    headers.push({ authorization: await client.createCredential(asked) });
  }
  const work = (turn: number) => check(rail, headers[turn % headers.length] ?? {}, offers, request);
  return { name: 'tollwright, MPP evm charge', work };
}

/** What mppx does of itself before anybody settles: challenge, payload and signature. */
async function mppxVerification(ends: Ends, chain: Chain): Promise<Subject> {
  const seller = await mppxSellerOn(ends, chain, null);
  const client = mppxPayers(await loadMppx()).evm({ privateKey: generatePrivateKey(), chainId: chain.chainId });
  const url = 'http://bench.test/evm';
  const requests = await Promise.all(
    Array.from({ length: 32 }, async () => {
      const authorization = await client.createCredential(await seller.answer(new Request(url)));
      return new Request(url, { headers: { authorization } });
    }),
  );
  return {
    name: 'mppx, MPP evm charge, settled by nobody',
    async work(turn) {
      const { status } = await seller.answer(requests[turn % requests.length] as Request);
      if (status !== 200) throw new Error(`mppx answered ${status}`);
    },
  };
}

async function mppxSellerOn(ends: Ends, chain: Chain, facilitatorUrl: string | null) {
  const seller = await startMppxSeller({
    ...{ facilitatorUrl, amount: '0.60', stripe: { port: 9, secretKey: 'sk_test_bench' } },
    evm: { chainId: chain.chainId, currency: chain.usdc, recipient: chain.accounts[1]?.address ?? '' },
  });
  ends.push(() => seller.close());
  return seller;
}

async function mppxChallenges(ends: Ends, chain: Chain, facilitator: Facilitator): Promise<readonly Subject[]> {
  const seller = await mppxSellerOn(ends, chain, facilitator.url);
  return (['stripe', 'evm'] as const).map((method) => ({
    name: `mppx, ${method}`,
    async work() {
      const { status } = await seller.answer(new Request(`http://bench.test/${method}`));
      if (status !== 402) throw new Error(`mppx answered ${status}`);
    },
  }));
}

function toHeader(payload: object): string {
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

/** A chain that says yes to everything: what is left is the library's own work. */
function stubbedSigner({ usdc }: Chain) {
  const { address } = privateKeyToAccount(generatePrivateKey());
  return {
    getAddresses: () => [address],
    ...{ address, readContract: async () => 10n ** 18n },
    getCode: async (asked: { readonly address: Hex }) => (asked.address === usdc ? '0x60' : undefined),
    verifyTypedData: (message: never) => verifyTypedData(message),
    writeContract: refuse,
    sendTransaction: refuse,
    waitForTransactionReceipt: refuse,
  };
}

function loopbackSigner(chain: Chain) {
  const client = createPublicClient({ transport: http(chain.rpcUrl) });
  const { address } = privateKeyToAccount(generatePrivateKey());
  return {
    getAddresses: () => [address],
    address,
    getCode: (args: never) => client.getCode(args),
    readContract: (args: never) => client.readContract(args),
    verifyTypedData: (message: never) => client.verifyTypedData(message),
    writeContract: refuse,
    sendTransaction: refuse,
    waitForTransactionReceipt: refuse,
  };
}

async function refuse(): Promise<never> {
  throw new Error('nothing is sent here');
}
