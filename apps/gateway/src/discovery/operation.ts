import type { RequestSchema } from '@tollwright/contracts';
import { formatUsd } from '@tollwright/core';
import type { Offer } from '@tollwright/payments';
import { ruleMembers } from '../pay/discount/discount-members.ts';
import { DISCOUNTED_ARE, tierWords } from '../pay/discount/discount-words.ts';
import { currentOffers } from '../pay/offers.ts';
import type { Gateway } from '../pipeline/gateway.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** What writes of a gateway's prices: who takes payments, and the public addresses. */
export type Seller = Pick<Gateway, 'rails' | 'gatewayUrl' | 'portalUrl'>;

type JsonObject = Readonly<Record<string, unknown>>;

/** A route as those who look for something to buy read it. No offers: it is for keys. */
export interface ListedOperation {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly offers: readonly Offer[];
}

/** The routes of an API in the document's order, each with what strangers may pay for it now. */
export function listOperations(seller: Seller, api: CompiledApi): readonly ListedOperation[] {
  return api.routes.map((route) => ({ api, route, offers: currentOffers(seller, api, route) }));
}

/** The public address of an API. */
export function apiUrl({ gatewayUrl }: Seller, { snapshot }: CompiledApi): string {
  return `${gatewayUrl}/${snapshot.providerSlug}/${snapshot.apiSlug}`;
}

/** An Operation Object of OpenAPI 3.1. `schemas` is where references to the operation's definitions go: `#/components/schemas/<prefix>`. */
export function operationObject({ api, route, offers }: ListedOperation, prefix: string): JsonObject {
  const { operationId, requestSchema, summary } = route.route;
  const body = requestSchema?.body ?? null;
  return {
    operationId: `${prefix}${operationId}`,
    ...(summary === undefined ? {} : { summary }),
    parameters: parametersOf(route.pathTemplate, requestSchema, prefix),
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: body.required,
            content: { 'application/json': { schema: pointed(body.schema, prefix) } },
          },
        }),
    ...(offers.length === 0
      ? { responses: { 200: ANSWERED, 401: NO_KEY }, security: [{ key: [] }] }
      : {
          ...discountOf(route),
          'x-payment-info': { offers: offers.map((offer) => paymentOffer(offer, api)) },
          responses: { 200: ANSWERED, 402: UNPAID },
          security: [{}, { key: [] }],
        }),
  };
}

const ANSWERED = { description: 'The answer of the API.' };
const NO_KEY = { description: 'An API key is needed.' };
const UNPAID = {
  description: 'Payment required: the headers PAYMENT-REQUIRED and WWW-Authenticate, and the body, say how.',
  content: { 'application/problem+json': { schema: { type: 'object' } } },
};

/** Definitions of all requests of an API, as members of `components.schemas`. */
export function definitionsOf(operations: readonly ListedOperation[], prefix: string): JsonObject {
  const found = operations.flatMap(({ route }) => Object.entries(route.route.requestSchema?.definitions ?? {}));
  return Object.fromEntries(found.map(([name, schema]) => [`${prefix}${name}`, pointed(schema, prefix)]));
}

/** What who pays often pays less: in words, and for programs in a member that no draft names. */
function discountOf({ route: { discount } }: CompiledRoute): JsonObject {
  if (discount === undefined) return {};
  return {
    description: `${tierWords(discount).join('; ')}. ${DISCOUNTED_ARE}`,
    'x-volume-discount': ruleMembers(discount),
  };
}

/** Source: draft-payment-discovery. An amount that only use decides is null. */
function paymentOffer(offer: Offer, { snapshot }: CompiledApi): JsonObject {
  const { rail, scheme, amountAtomic, asset, network, priceNanoUsd, isCeiling = false } = offer;
  const price = `${isCeiling ? 'at most ' : ''}${formatUsd(priceNanoUsd)} USD`;
  return {
    ...{ intent: scheme, method: rail, amount: isCeiling ? null : amountAtomic.toString(), currency: asset },
    description: `${price} on ${network}${snapshot.livemode ? '' : ', in test mode'}`,
  };
}

function parametersOf(pathTemplate: string, schema: RequestSchema | undefined, prefix: string): readonly JsonObject[] {
  const known = schema?.parameters ?? [];
  const inPath = [...pathTemplate.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name);
  const unknown = inPath.filter(
    (name) => !known.some((parameter) => parameter.in === 'path' && parameter.name === name),
  );
  return [
    ...unknown.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...known.map(({ name, in: place, required, schema: of }) => ({
      ...{ name, in: place, required: required || place === 'path', schema: pointed(of, prefix) },
    })),
  ];
}

/** A schema whose references lead to `components.schemas`. */
function pointed<T>(schema: T, prefix: string): T {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', `#/components/schemas/${prefix}`) : value,
  ) as T;
}
