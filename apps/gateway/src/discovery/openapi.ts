import { countsTokens } from '@tollwright/policies';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import {
  apiUrl,
  definitionsOf,
  type ListedOperation,
  listOperations,
  operationObject,
  type Seller,
} from './operation.ts';

/** An OpenAPI 3.1 document of one API, with paths below its address. */
export function apiDocument(seller: Seller, api: CompiledApi): object {
  const { apiName, version, providerSlug } = api.snapshot;
  const operations = listOperations(seller, api);
  return documentOf(seller, {
    info: { title: apiName, version: String(version) },
    docs: { homepage: `${seller.portalUrl}/p/${providerSlug}`, llms: `${apiUrl(seller, api)}/llms.txt` },
    url: apiUrl(seller, api),
    apis: [{ operations, path: '', prefix: '' }],
  });
}

/** The same of all APIs that sell to strangers, with paths below the gateway's address. */
export function gatewayDocument(seller: Seller, apis: readonly CompiledApi[]): object {
  return documentOf(seller, {
    info: { title: new URL(seller.gatewayUrl).host, version: '1' },
    docs: { llms: `${seller.gatewayUrl}/llms.txt` },
    url: seller.gatewayUrl,
    apis: apis.map((api) => {
      const { providerSlug, apiSlug } = api.snapshot;
      const operations = listOperations(seller, api).filter(({ offers }) => offers.length > 0);
      return { operations, path: `/${providerSlug}/${apiSlug}`, prefix: `${providerSlug}.${apiSlug}.` };
    }),
  });
}

interface Listing {
  readonly info: { readonly title: string; readonly version: string };
  readonly docs: Readonly<Record<string, string>>;
  readonly url: string;
  /** `prefix` keeps names of one API apart from those of another. */
  readonly apis: readonly {
    readonly operations: readonly ListedOperation[];
    readonly path: string;
    readonly prefix: string;
  }[];
}

function documentOf(seller: Seller, { info, docs, url, apis }: Listing): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { operations, path, prefix } of apis) {
    for (const operation of operations) {
      const { method, pathTemplate } = operation.route;
      paths[`${path}${pathTemplate}`] ??= {};
      Object.assign(paths[`${path}${pathTemplate}`] ?? {}, {
        [method.toLowerCase()]: operationObject(operation, prefix),
      });
    }
  }
  const answersByModel = apis.some(({ operations }) =>
    operations.some(({ route: { rule } }) => rule !== null && countsTokens(rule)),
  );
  return {
    openapi: '3.1.0',
    info: {
      ...info,
      description: `Prices are those of this moment, and a 402 alone is binding. Problems are explained at ${seller.portalUrl}/problems.`,
    },
    'x-service-info': { categories: [answersByModel ? 'ai' : 'api'], docs },
    servers: [{ url }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: Object.assign({}, ...apis.map(({ operations, prefix }) => definitionsOf(operations, prefix))) as object,
    },
  };
}
