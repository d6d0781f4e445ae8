import { expect, test } from '@playwright/test';
import { validate } from '@readme/openapi-parser';
import { openApiDocument } from '@tollwright/api';
import { readLocal } from './local.ts';
import { writeManagementTypes } from './management-types.ts';

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly responses: Record<string, { readonly content: Record<string, { readonly schema: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
}

async function servedDocument(): Promise<Document> {
  const response = await fetch(`${readLocal().managementUrl}/openapi.json`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  return (await response.json()) as Document;
}

/** The validator resolves references in place. */
function validity(document: object) {
  return validate(structuredClone(document) as Parameters<typeof validate>[0]);
}

test('the running product serves a valid OpenAPI 3.1 document of its own address', async () => {
  const document = await servedDocument();
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers).toEqual([{ url: readLocal().managementUrl }]);
  expect(await validity(document)).toMatchObject({ valid: true, warnings: [] });
  const { '/agents': agents, ...paths } = document.paths;
  const broken = { ...document, paths: { ...paths, '/agents': { get: { ...agents?.get, responses: 'none' } } } };
  expect(await validity(broken)).toMatchObject({ valid: false });
});

test('openapi-typescript makes the same client of it as of the routers', async () => {
  const served = await servedDocument();
  const ofRouters = await writeManagementTypes(openApiDocument(readLocal().portalUrl));
  // Last, so that what stands on disk is the running product's.
  expect(await writeManagementTypes(served)).toBe(ofRouters);
  expect(ofRouters).toContain('"/usage/top"');
});

test('covers what the story touches', async () => {
  const { paths } = await servedDocument();
  const first = new Set(Object.keys(paths).map((path) => path.split('/')[1]));
  const catalogue = [
    'apis',
    'routes',
    'extractors',
    'meters',
    'features',
    'plans',
    'customers',
    'subscriptions',
    'policy-types',
  ];
  const traffic = ['agents', 'keys', 'budgets', 'usage', 'events', 'payments'];
  for (const name of [...catalogue, ...traffic]) expect(first).toContain(name);
});

test('every operation takes a token, every POST an Idempotency-Key, every list a cursor; limits are in the schemas', async () => {
  const { paths } = await servedDocument();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const where = `${method} ${path}`;
      expect(operation.security, where).toEqual([{ bearer: [] }]);
      const headers = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header');
      expect(
        headers.map(({ name }) => name),
        where,
      ).toEqual(method === 'post' ? ['Idempotency-Key'] : []);
      for (const status of ['400', '401', '403', '404', '409', '422', '500']) {
        expect(Object.keys(operation.responses[status]?.content ?? {}), where).toEqual(['application/problem+json']);
      }
      const answer = operation.responses['200']?.content['application/json']?.schema as
        | { properties?: object }
        | undefined;
      const pages = 'nextCursor' in (answer?.properties ?? {});
      const limit = operation.parameters?.find(({ name }) => name === 'limit')?.schema;
      if (pages) expect(limit, where).toMatchObject({ type: 'integer', minimum: 1, maximum: 200 });
      expect(operation.parameters?.some(({ name }) => name === 'cursor') ?? false, where).toBe(pages);
    }
  }
});
