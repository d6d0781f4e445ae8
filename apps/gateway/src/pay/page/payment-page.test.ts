import { createHash } from 'node:crypto';
import { nanoUsd } from '@tollwright/core';
import type { Offer } from '@tollwright/payments';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PageContent, paymentPage } from './payment-page.ts';
import { PAGE_POLICY } from './style.ts';

const offer: Offer = {
  ...{ rail: 'x402', scheme: 'exact', network: 'eip155:8453', asset: `0x${'ab'.repeat(20)}`, payTo: '0xc' },
  ...{ amountAtomic: 10_000n, decimals: 6, priceNanoUsd: nanoUsd(10_000_000n), roundingNanoUsd: nanoUsd(0n) },
};
const content: PageContent = {
  ...{ apiName: 'Acme', summary: 'The weather', method: 'GET', url: 'https://api.example/acme/w?city=Porto' },
  ...{
    offers: [offer],
    leftOut: [],
    discount: null,
    plans: [],
    portalUrl: 'https://portal.example',
    requestId: 'req_1',
    livemode: true,
  },
  openApiUrl: 'https://api.example/acme/openapi.json',
};
const stripe = { rail: 'stripe', network: 'stripe', reason: 'below-the-minimum' } as const;

describe('the page of a 402', () => {
  it('says the price, each way to pay, and how a program pays', () => {
    const page = paymentPage({ ...content, leftOut: [{ ...stripe, minimumNanoUsd: nanoUsd(500_000_000n) }] });
    expect(page).toContain('<h1>This call costs 0.01 USD</h1>');
    expect(page).toContain('<span>x402, versions 1 and 2</span><span class="muted">0.01 of token 0xabab…abab');
    expect(page).toContain('<span>Card or Link, by a payment token of Stripe</span><span>from 0.50 USD</span>');
    expect(page).toContain('curl -i &#39;https://api.example/acme/w?city=Porto&#39;');
    expect(page).toContain('new ExactEvmScheme(account)');
    const both = paymentPage({ ...content, offers: [offer, { ...offer, scheme: 'upto' }] });
    expect(both).toContain('<h1>This call costs 0.01 USD</h1>');
    expect(both).toContain('<span>x402, version 2, by a permit (upto)</span>');
    expect(page).not.toMatch(/npx mppx|Pay less often|test mode/);
  });

  it('says a ceiling as one, names plans, other protocols and test money', () => {
    const plans = [{ key: 'pro', name: 'Pro', url: 'https://portal.example/p/acme' }];
    const upto = { ...offer, scheme: 'upto' as const, isCeiling: true };
    const page = paymentPage({
      ...content,
      offers: [upto, { ...offer, rail: 'evm', scheme: 'charge' }],
      plans,
      livemode: false,
    });
    expect(page).toContain('This call costs at most 0.01 USD');
    expect(page).toContain('<li><span>Pro</span><a href="https://portal.example/p/acme">');
    for (const words of ['new UptoEvmScheme(account)', 'npx mppx', 'test mode']) expect(page).toContain(words);
  });

  it('says to everybody who pays less, and to who does from which price', () => {
    const tiers = [{ measure: 'calls' as const, from: 100, percentOff: 10 }];
    const discount = { rule: { period: 'month' as const, tiers }, fullNanoUsd: nanoUsd(10_000_000n), percentOff: 0 };
    const anybody = paymentPage({ ...content, discount });
    expect(anybody).toContain('<li><span>10 % off from the 101st call of a month</span></li>');
    expect(anybody).not.toContain('your price');
    const own = { ...offer, priceNanoUsd: nanoUsd(9_000_000n) };
    const discounted = paymentPage({ ...content, offers: [own], discount: { ...discount, percentOff: 10 } });
    expect(discounted).toContain('<h1>This call costs 0.009 USD</h1>');
    expect(discounted).toContain('This is your price: 10 % less than 0.01 USD');
    expect(paymentPage(content)).not.toMatch(/discount|your price/);
  });

  it('lets nothing in as markup, whatever names and addresses are', () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '\\', '`', '$', '{', '}', ' ') });
    const bare = paymentPage(content);
    const tags = (page: string) => page.match(/<[^>]*>/g)?.length;
    fc.assert(
      fc.property(text, text, text, text, (apiName, summary, url, name) => {
        const plans = [{ key: 'k', name, url: `https://portal.example/${name}` }];
        const page = paymentPage({ ...content, apiName, summary, url, plans, requestId: name });
        const plain = paymentPage({ ...content, plans: [{ key: 'k', name: 'n', url: 'https://portal.example/n' }] });
        expect(tags(page)).toBe(tags(plain));
        expect(page.match(/"/g)?.length).toBe(plain.match(/"/g)?.length);
      }),
    );
    expect(bare).not.toContain('<script');
  });

  it('has one style, which its policy names, and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(paymentPage(content))?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_POLICY).toContain(`style-src 'sha256-${hash}'`);
    expect(PAGE_POLICY).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
  });
});
