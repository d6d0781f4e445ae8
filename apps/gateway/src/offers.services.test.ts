import { nanoUsd } from '@tollwright/core';
import { parseChallenges } from '@tollwright/protocols';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import { openPricedStage, type PricedStage, soldAt } from './priced-stage-harness.ts';
import { untilServed } from './until-harness.ts';

const PRICE = 600_000_000n;
const CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const GAS = { fixedNanoUsd: nanoUsd(0n), basisPoints: 0, gasNanoUsd: nanoUsd(50_000_000n) };
const FREE = { ...GAS, gasNanoUsd: nanoUsd(0n) };

let priced: PricedStage;
let gateway: GatewayProcess;

beforeAll(async () => {
  priced = await openPricedStage();
  gateway = await priced.startGateway('one');
});
beforeEach(() => sell(PRICE));
afterAll(() => priced?.close());

const weather = (accept = '*/*', headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/acme/llm/weather?city=Porto`, { headers: { accept, ...headers } });
const methodsOf = (response: Response) =>
  parseChallenges(response.headers.get('www-authenticate') ?? '').map((read) =>
    read.kind === 'ok' ? `${read.value.method}/${read.value.intent}` : read.reason,
  );

/** At this price, once the gateway serves it. */
async function sell(price: bigint, more: Parameters<PricedStage['publish']>[1] = {}): Promise<void> {
  await untilServed(gateway, await priced.publish(soldAt(price), more));
}

describe('the order of a 402', () => {
  it("is that of what is left by the provider's fees, and changes with them", async () => {
    expect(methodsOf(await weather()).filter((method) => method.endsWith('/charge'))).toEqual([
      'tempo/charge',
      'evm/charge',
      'stripe/charge',
    ]);
    await sell(PRICE, { railFees: { tempo: GAS, stripe: FREE } });
    expect(methodsOf(await weather()).filter((method) => method.endsWith('/charge'))).toEqual([
      'stripe/charge',
      'evm/charge',
      'tempo/charge',
    ]);
  });

  it('gives way to what the caller prefers', async () => {
    const response = await weather('*/*', { 'accept-payment': 'stripe/charge, evm/charge;q=0.5' });
    expect(methodsOf(response)).toEqual(['stripe/charge', 'evm/charge']);
  });
});

describe('what a 402 says beside its offers', () => {
  it('is which rails are left out, and what they would take', async () => {
    expect(await problemOf(await weather())).not.toHaveProperty('leftOut');
    await sell(PRICE / 6n);
    const { leftOut } = await problemOf(await weather());
    expect(leftOut).toEqual([{ rail: 'stripe', network: 'stripe', reason: 'below-the-minimum', minimumUsd: '0.50' }]);
    await sell(99n);
    const answer = await weather();
    expect([answer.status, (await problemOf(answer)).slug]).toEqual([401, 'invalid-key']);
  });

  it('is which plans anybody may have, and where; no others', async () => {
    expect(await problemOf(await weather())).not.toHaveProperty('plans');
    const { plans } = priced.stage.sample;
    const offered = plans.map((plan) => ({
      ...plan,
      isOnOffer: plan.planKey === 'pro',
      planName: `The ${plan.planKey}`,
    }));
    await sell(PRICE, { plans: offered });
    const response = await weather();
    expect((await problemOf(response)).plans).toEqual([
      { key: 'pro', name: 'The pro', url: 'http://portal.test/p/acme' },
    ]);
    expect(response.headers.get('link')?.split(', ')).toEqual([
      '<http://gateway.test/acme/llm/openapi.json>; rel="service-desc"; type="application/json"',
      '<http://gateway.test/acme/llm/llms.txt>; rel="service-doc"; type="text/plain"',
      '<http://portal.test/p/acme>; rel="payment"; title="Plans"',
    ]);
  });
});

describe('a browser', () => {
  it('gets a page without scripts, under the headers that programs get', async () => {
    const [page, plain] = [await weather(CHROMIUM), await weather()];
    expect([page.status, page.headers.get('content-type')]).toEqual([402, 'text/html; charset=utf-8']);
    expect([plain.status, plain.headers.get('content-type')]).toEqual([402, 'application/problem+json']);
    expect(methodsOf(page)).toEqual(methodsOf(plain));
    for (const name of ['link', 'vary', 'cache-control']) {
      expect([name, page.headers.get(name)]).toEqual([name, plain.headers.get(name)]);
    }
    expect(page.headers.get('payment-required')?.length).toBe(plain.headers.get('payment-required')?.length);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const text = await page.text();
    expect(text).toContain('This call costs 0.60 USD');
    expect(text).toContain('http://gateway.test/acme/llm/weather?city=Porto');
    expect(text).not.toContain('<script');
  });

  it('is not told by a page that its payment was refused, nor anything but of GET', async () => {
    const refused = await weather(CHROMIUM, { authorization: 'Payment e30' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([402, 'application/problem+json']);
    const posted = await fetch(`${gateway.url}/acme/llm/v1/messages`, {
      method: 'POST',
      headers: { accept: CHROMIUM },
    });
    expect(posted.headers.get('content-type')).toBe('application/problem+json');
  });
});
