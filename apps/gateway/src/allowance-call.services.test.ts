import { nanoUsd } from '@tollwright/core';
import { parsePaymentRequired, permit2Address } from '@tollwright/protocols';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import { type Market, openMarket } from './stranger-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const ATOMIC = 10_000n;

let market: Market;
let gateway: GatewayProcess;

beforeAll(async () => {
  market = await openMarket(() => ({}));
  const { routes } = market.stage.sample;
  const { wallets, ...sold } = market.sold(routes, () => ({ strangerPriceNanoUsd: PRICE }));
  const byPermit = wallets.map((wallet) => ({ ...wallet, transferMethods: ['permit2'] }));
  await market.stage.publish({ ...sold, wallets: byPermit as typeof wallets });
  gateway = await market.stage.startGateway('one');
});
afterAll(() => market?.close());

const weather = () => `${gateway.url}/acme/llm/weather?city=Porto`;
const forwarded = () => market.stage.upstream.log.stats(null).calls;

/** Somebody with a dollar whom Permit2 may not debit; only a client that asks the chain finds out, and signs that along. */
async function newPayer(options: ConstructorParameters<typeof ExactEvmScheme>[1]) {
  const account = privateKeyToAccount(generatePrivateKey());
  await market.chain.mint(account.address, 1_000_000n);
  const client = new x402Client().register(market.chain.network.network, new ExactEvmScheme(account, options));
  const paid = async () => (await market.chain.transfers(account.address)).map(({ amountAtomic }) => amountAtomic);
  return { address: account.address, client, pay: wrapFetchWithPayment(fetch, client), paid };
}

describe('a payer who has not let Permit2 move the token', () => {
  it('is told by 412 which token, which spender, and how it may be signed along; nothing ran and nothing moved', async () => {
    const payer = await newPayer(undefined);
    const calls = forwarded();
    let signed = new Headers();
    const response = await wrapFetchWithPayment((input, init) => {
      const request = new Request(input, init);
      if (request.headers.has('payment-signature')) signed = request.headers;
      return fetch(request);
    }, payer.client)(weather());
    expect(response.status).toBe(412);
    const required = parsePaymentRequired(response.headers.get('payment-required') ?? '');
    expect(required).toMatchObject({ value: { error: 'permit2_allowance_required' } });
    const { network, usdc } = market.chain.network;
    expect(await problemOf(response)).toMatchObject({
      ...{ slug: 'allowance-required', reason: 'permit2_allowance_required', network, token: usdc.address },
      ...{ spender: permit2Address, amount: `${ATOMIC}`, sponsoredBy: 'eip2612GasSponsoring' },
    });
    expect([forwarded(), await payer.paid()]).toEqual([calls, []]);
    // The same words pay once it is allowed.
    await market.chain.approvePermit2(payer.address);
    expect((await fetch(weather(), { headers: signed })).status).toBe(200);
    expect(await payer.paid()).toEqual([ATOMIC]);
  });

  it('pays at once where its client signs that along', async () => {
    const payer = await newPayer({ rpcUrl: market.chain.rpcUrl });
    expect((await payer.pay(weather())).status).toBe(200);
    expect(await payer.paid()).toEqual([ATOMIC]);
  });
});
