import { formatUsd } from '@tollwright/core';
import type { LeftOut, Offer } from '@tollwright/payments';
import type { OwnDiscount } from '../discount/discount-members.ts';
import { DISCOUNTED_ARE, tierWords } from '../discount/discount-words.ts';
import type { PlanMember } from '../other-ways.ts';
import { html, Markup } from './html.ts';
import { STYLE } from './style.ts';

/** What people are told who open the address of a paid call. */
export interface PageContent {
  readonly apiName: string;
  /** What the operation does, or its name. */
  readonly summary: string;
  readonly method: string;
  /** The public address, with its query. */
  readonly url: string;
  readonly offers: readonly Offer[];
  readonly leftOut: readonly LeftOut[];
  /** What who pays often pays less, and who asks. Null: nothing. */
  readonly discount: Pick<OwnDiscount, 'rule' | 'fullNanoUsd' | 'percentOff'> | null;
  readonly plans: readonly PlanMember[];
  readonly portalUrl: string;
  readonly openApiUrl: string;
  readonly requestId: string;
  /** In test mode no real money moves. */
  readonly livemode: boolean;
}

/** A page without a script that says the price, the ways to pay, and how a program does it. */
export function paymentPage(content: PageContent): string {
  const { apiName, summary, method, url, offers, leftOut, discount, plans, requestId } = content;
  const price = priceOf(offers);
  const title = `${price} a call: ${apiName}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<p class="muted">${apiName}</p>
<h1>This call costs ${price}</h1>
${discount === null ? '' : ownPriceOf(discount)}<p>${summary}. Programs pay for it as they call it; no account is needed.${content.livemode ? '' : ' This API is in test mode: only test money is taken.'}</p>
<pre><code>${method} ${url}</code></pre>
<h2>Ways to pay</h2>
<ul>
${offers.map(
  (offer) => html`<li><span>${railWords(offer)}</span><span class="muted">${assetWords(offer)}</span></li>
`,
)}${leftOut.map(
  (left) => html`<li class="muted"><span>${railWords(left)}</span><span>${leftOutWords(left)}</span></li>
`,
)}</ul>
${discount === null ? '' : ruleOf(discount)}<h2>Pay from a program</h2>
<p>Ask without paying first. The answer is 402 and carries every offer, in its headers and as JSON:</p>
<pre><code>curl -i ${shellQuoted(url)}</code></pre>
${examplesOf(offers, url).map(
  ({ words, code }) => html`<p>${words}</p>
<pre><code>${code}</code></pre>
`,
)}${
  plans.length === 0
    ? ''
    : html`<h2>Pay less often</h2>
<p>With a plan and an API key there is no payment for each call.</p>
<ul>
${plans.map(
  ({ name, url: at }) => html`<li><span>${name}</span><a href="${at}">See this plan</a></li>
`,
)}</ul>
`
}<footer><p>What else is sold here: <a href="${content.openApiUrl}">OpenAPI document</a>. About this answer: <a href="${content.portalUrl}/problems/payment-required">payment required</a>. Request <code>${requestId}</code></p></footer>
</main>
</body>
</html>
`.text;
}

function priceOf(offers: readonly Offer[]): string {
  const [first] = offers;
  if (first === undefined) return 'nothing';
  return `${first.isCeiling === true ? 'at most ' : ''}${formatUsd(first.priceNanoUsd)} USD`;
}

function ownPriceOf({ fullNanoUsd, percentOff }: NonNullable<PageContent['discount']>): Markup | string {
  if (percentOff === 0) return '';
  return html`<p>This is your price: ${String(percentOff)} % less than ${formatUsd(fullNanoUsd)} USD, for what you paid before.</p>
`;
}

function ruleOf({ rule }: NonNullable<PageContent['discount']>): Markup {
  return html`<h2>Pay less for many calls</h2>
<p>${DISCOUNTED_ARE} The highest discount that was reached counts.</p>
<ul>
${tierWords(rule).map(
  (words) => html`<li><span>${words}</span></li>
`,
)}</ul>
`;
}

const RAIL_WORDS = {
  x402: 'x402, versions 1 and 2',
  evm: 'Machine Payments Protocol, method evm',
  stripe: 'Card or Link, by a payment token of Stripe',
  tempo: 'Machine Payments Protocol, method tempo',
} as const;

function railWords({ rail, scheme }: Pick<Offer, 'rail'> & { readonly scheme?: Offer['scheme'] }): string {
  if (rail === 'x402' && scheme === 'upto') return 'x402, version 2, by a permit (upto)';
  return `${RAIL_WORDS[rail]}${scheme === 'session' ? ', one deposit for many calls' : ''}`;
}

function assetWords({ network, asset, amountAtomic, decimals, rail }: Offer): string {
  if (rail === 'stripe') return `${amountAtomic} ${asset === 'usd' ? 'US cents' : asset}`;
  return `${decimal(amountAtomic, decimals)} of token ${asset.slice(0, 6)}…${asset.slice(-4)} on ${network}`;
}

function leftOutWords({ reason, minimumNanoUsd }: LeftOut): string {
  switch (reason) {
    case 'nobody-settles':
      return 'not available now';
    case 'takes-no-ceiling':
      return 'takes fixed prices only';
    case 'names-no-payer':
      return 'not at a price of your own';
    case 'below-the-minimum':
    case 'below-a-tenth-of-the-unit':
      return minimumNanoUsd === undefined ? 'not for so little' : `from ${formatUsd(minimumNanoUsd)} USD`;
  }
}

function decimal(amountAtomic: bigint, decimals: number): string {
  const digits = amountAtomic.toString().padStart(decimals + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  return `${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A program for each protocol that takes this price. */
function examplesOf(
  offers: readonly Offer[],
  url: string,
): readonly { readonly words: string; readonly code: string }[] {
  const byX402 = offers.filter(({ rail }) => rail === 'x402').slice(0, 1);
  return [
    ...byX402.map((offer) => ({
      words: 'A client of x402 reads it, pays and calls again:',
      code: x402Client(offer, url),
    })),
    ...(offers.some(({ rail }) => rail !== 'x402')
      ? [{ words: 'So does a client of the Machine Payments Protocol:', code: `npx mppx ${shellQuoted(url)}` }]
      : []),
  ];
}

function x402Client({ scheme, network }: Offer, url: string): string {
  const [path, name] = scheme === 'upto' ? ['upto', 'UptoEvmScheme'] : ['exact', 'ExactEvmScheme'];
  return `import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { ${name} } from '@x402/evm/${path}/client';
import { privateKeyToAccount } from 'viem/accounts';

const account = privateKeyToAccount(process.env.PAYER_KEY);
const client = new x402Client().register(${JSON.stringify(network)}, new ${name}(account));
const pay = wrapFetchWithPayment(fetch, client);
const response = await pay(${JSON.stringify(url)});`;
}
