import { formatUsd } from '@tollwright/core';
import { DISCOUNTED_ARE, tierWords } from '../pay/discount/discount-words.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { apiUrl, type ListedOperation, listOperations, type Seller } from './operation.ts';

/** What a program that reads text has to know to buy calls of an API. Markdown. */
export function apiText(seller: Seller, api: CompiledApi): string {
  const { apiName, providerSlug, livemode } = api.snapshot;
  const url = apiUrl(seller, api);
  const operations = listOperations(seller, api);
  return lines(
    `# ${oneLine(apiName)}`,
    '',
    `> Calls go to ${url}, followed by a path below.${livemode ? '' : ' This API is in test mode.'}`,
    '',
    ...HOW_TO_PAY,
    ...(operations.some((operation) => tiersOf(operation).length > 0) ? [DISCOUNTED_ARE] : []),
    '',
    '## Operations',
    '',
    ...operations.map((operation) => `- ${operationLine(operation)}`),
    '',
    '## Links',
    '',
    `- [OpenAPI](${url}/openapi.json): parameters, bodies and offers`,
    `- [Plans and API keys](${seller.portalUrl}/p/${providerSlug}): for who calls often`,
  );
}

/** All APIs that sell to strangers. `omitted`: how many more there are. */
export function gatewayText(seller: Seller, apis: readonly CompiledApi[], omitted: number): string {
  return lines(
    `# APIs at ${new URL(seller.gatewayUrl).host}`,
    '',
    '> APIs that anybody may call and pay for.',
    '',
    ...HOW_TO_PAY,
    '',
    '## APIs',
    '',
    ...apis.map((api) => `- [${oneLine(api.snapshot.apiName)}](${apiUrl(seller, api)}/llms.txt)`),
    ...(omitted === 0 ? [] : ['', `${omitted} more are served and not listed.`]),
  );
}

const HOW_TO_PAY = [
  'Call without an account: the answer is 402 and says the price. Pay by x402 (header `PAYMENT-REQUIRED`, or the members of the body),',
  'or by MPP (headers `WWW-Authenticate: Payment`), and send the same request again with the payment. With an API key send',
  '`Authorization: Bearer <key>` instead.',
];

function operationLine({ route, offers }: ListedOperation): string {
  const { summary, operationId, method, pathTemplate } = route.route;
  const named = `\`${method} ${pathTemplate}\` (${oneLine(summary ?? operationId)})`;
  const [offer] = offers;
  if (offer === undefined) return `${named}: with an API key`;
  const price = `${offer.isCeiling === true ? 'at most ' : ''}${formatUsd(offer.priceNanoUsd)} USD a call`;
  const rails = [...new Set(offers.map(({ rail }) => rail))].join(', ');
  return [`${named}: ${price}, by ${rails}`, ...tiersOf({ route, offers })].join('; ');
}

/** What who pays often pays less, where anybody may pay. */
function tiersOf({ route, offers }: Pick<ListedOperation, 'route' | 'offers'>): readonly string[] {
  const { discount } = route.route;
  return discount === undefined || offers.length === 0 ? [] : tierWords(discount);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').replace(/[[\]<>`]/g, '');
}

function lines(...each: readonly string[]): string {
  return `${each.join('\n')}\n`;
}
