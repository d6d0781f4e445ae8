import { createWorld, DOCUMENT, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRoutes } from '../route/list.ts';
import { updateRoute } from '../route/update.ts';
import { createApi } from './create.ts';
import { getApi } from './get.ts';
import { importDocument } from './import-document.ts';
import { reImportApi } from './re-import.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const text = (document: unknown) => ({ kind: 'text' as const, text: JSON.stringify(document) });

describe('an OpenAPI document', () => {
  it('is shown as what it would become', async () => {
    const { providerId } = world;
    const source = { kind: 'text' as const, text: DOCUMENT };
    const shown = await importDocument(harness.ctx, world.owner, { providerId, source });
    expect(shown).toMatchObject({ title: 'Sample', serverUrl: 'https://upstream.example/base', warnings: [] });
    expect(shown.operations.map((operation) => operation.operationId)).toEqual(['chat', 'weather']);
  });

  it.each(['http://127.0.0.1:26100/openapi.json', 'http://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]/'])(
    'is not fetched from %s',
    async (url) => {
      const { providerId } = world;
      const attempt = importDocument(harness.ctx, world.owner, { providerId, source: { kind: 'url', url } });
      await expect(attempt).rejects.toMatchObject({
        problem: { slug: 'invalid-input', detail: expect.stringMatching(/egress refused \(address\)/) },
      });
    },
  );
});

describe('an API', () => {
  it('shows the header of its credential and never the value', async () => {
    const api = await getApi(harness.ctx, world.owner, { providerId: world.providerId, apiId: world.apiId });
    expect(api.upstreamCredential).toEqual({ header: 'Authorization' });
    expect(api.baseUrl).toBe('https://gateway.example/acme/llm');
    expect(JSON.stringify(api)).not.toMatch(/sk-upstream|v1\.k1/);
  });

  it('keeps its slug to itself among the provider', async () => {
    const attempt = createApi(harness.ctx, world.owner, {
      providerId: world.providerId,
      slug: 'llm',
      name: 'Again',
      source: { kind: 'text', text: DOCUMENT },
      upstreamBaseUrl: 'https://up.example',
    });
    await expect(attempt).rejects.toMatchObject({
      problem: { slug: 'invalid-input', members: { errors: [{ path: 'slug' }] } },
    });
  });

  it('keeps ids and settings of routes through a new document, and serves what is gone no more', async () => {
    const { providerId, apiId } = world;
    const before = await listRoutes(harness.ctx, world.owner, { providerId, apiId });
    const weather = before.items.find((route) => route.operationId === 'weather');
    const routeId = weather?.id ?? '';
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, strangerPriceNanoUsd: '10000000' });
    const responses = { 200: { description: 'ok' } };
    const next = {
      openapi: '3.1.0',
      info: { title: 'Sample', version: '2' },
      paths: { '/weather/{city}': { get: { operationId: 'forecast', responses } }, '/new': { get: { responses } } },
    };
    const result = await reImportApi(harness.ctx, world.owner, { providerId, apiId, source: text(next) });
    expect(result).toEqual({ added: 1, kept: 1, archived: 1 });
    const { items } = await listRoutes(harness.ctx, world.owner, { providerId, apiId });
    expect(items.map((route) => route.pathTemplate).sort()).toEqual(['/new', '/weather/{city}']);
    expect(items.find((route) => route.id === routeId)).toMatchObject({
      operationId: 'forecast',
      strangerPriceNanoUsd: '10000000',
    });
  });
});
