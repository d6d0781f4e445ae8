import { PROBLEMS } from '@tollwright/core';
import { createToken, resolveToken } from '@tollwright/services';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { wholeBodyOf } from './operation.ts';
import { handleRest } from './rest.ts';
import { type RoleRow, readRolesPage } from './roles-page-harness.ts';
import { SAMPLES } from './roles-samples-harness.ts';
import { appRouter, createCaller } from './router.ts';
import { type ApiContext, type Organization, problemOf } from './trpc.ts';

const ANONYMOUS = { kind: 'anonymous' } as const;
const page = readRolesPage();
let harness: ServicesHarness;
let here: World;
let elsewhere: World;
let sibling: { owner: ApiContext['actor']; customerId: string; token: string };
let tokens: { providerReads: string; customerReads: string; elsewhere: string };

beforeAll(async () => {
  harness = await openServicesHarness();
  here = await createWorld(harness, 'here');
  elsewhere = await createWorld(harness, 'elsewhere');
  sibling = await createSibling();
  const read = { name: 'reads', scopes: ['read' as const] };
  const write = { name: 'writes', scopes: ['read' as const, 'write' as const] };
  tokens = {
    providerReads: (await createToken(harness.ctx, here.owner, { providerId: here.providerId, ...read })).token,
    customerReads: (await createToken(harness.ctx, here.customerOwner, { ...here.target, ...read })).token,
    elsewhere: (await createToken(harness.ctx, elsewhere.owner, { providerId: elsewhere.providerId, ...write })).token,
  };
});

afterAll(() => harness?.close());

describe('the page and the routers', () => {
  it('every procedure has a row, and every row a procedure', () => {
    const written = [...page.rows.map((row) => row.procedure), ...page.people.keys()].sort();
    expect(Object.keys(appRouter._def.procedures).sort()).toEqual(written);
  });

  it('every operation has a row, and every row an operation', () => {
    const { paths } = openApiDocument('https://portal.example') as { paths: Record<string, Record<string, unknown>> };
    const served = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const written = page.rows.flatMap((row) => row.operation ?? []);
    expect(served.sort()).toEqual(written.sort());
  });

  it('every row has a sample input', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(page.rows.map((row) => row.procedure).sort());
  });
});

describe.each(page.rows)('$procedure', (row) => {
  it(`answers nobody with ${row.nobody}`, async () => {
    expect(await asPerson(row, ANONYMOUS, whole(row))).toBe(row.nobody);
  });

  it(`answers a viewer with ${row.viewer}`, async () => {
    const viewer = isAboutCustomer(row) ? here.customerViewer : here.viewer;
    expect(await asPerson(row, viewer, whole(row))).toBe(row.viewer);
  });

  it(`answers another provider with ${row.otherProvider}`, async () => {
    expect(await asPerson(row, elsewhere.owner, whole(row))).toBe(row.otherProvider);
  });

  it(`answers another customer with ${row.otherCustomer}`, async () => {
    expect(await asPerson(row, sibling.owner, whole(row))).toBe(row.otherCustomer);
  });
});

describe.each(page.rows.filter((row) => row.operation !== null))('$operation', (row) => {
  it('answers tokens by the same rules', async () => {
    expect(await asToken(row, null)).toBe(row.nobody);
    const reads = isAboutCustomer(row) ? tokens.customerReads : tokens.providerReads;
    expect(await asToken(row, reads)).toBe(row.viewer);
    expect(await asToken(row, tokens.elsewhere)).toBe(row.restOtherProvider);
    expect(await asToken(row, sibling.token)).toBe(row.restOtherCustomer);
  });
});

describe.each([...page.people].filter(([, access]) => access === 'self'))('%s', (procedure) => {
  it('answers nobody with 401', async () => {
    const context = contextOf(ANONYMOUS, null);
    expect(
      await status(() => call(procedure, context, { token: 'x', name: 'N', slug: 'n-n', providerSlug: 'here' })),
    ).toBe('401');
  });
});

function isAboutCustomer(row: RoleRow): boolean {
  return SAMPLES[row.procedure]?.about === 'customer';
}

/** The organization that a person names: the one whose objects the sample names. */
function whole(row: RoleRow): Organization {
  return { providerId: here.providerId, customerId: isAboutCustomer(row) ? here.customerId : null };
}

function asPerson(row: RoleRow, actor: ApiContext['actor'], organization: Organization): Promise<string> {
  return status(() => call(row.procedure, contextOf(actor, organization), sampleOf(row)));
}

function sampleOf(row: RoleRow): Record<string, unknown> {
  const sample = SAMPLES[row.procedure];
  if (!sample) throw new Error(`${row.procedure} has no sample`);
  return { ...sample.input(here), ...(sample.about === 'customer' ? { customerId: here.customerId } : {}) };
}

function contextOf(actor: ApiContext['actor'], organization: Organization | null): ApiContext {
  return { services: harness.ctx, actor, organization, requestId: 'req_test' };
}

function call(procedure: string, context: ApiContext, input: unknown): Promise<unknown> {
  const [group = '', name = ''] = procedure.split('.');
  const caller = createCaller(context) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const found = caller[group]?.[name];
  if (!found) throw new Error(`no procedure ${procedure}`);
  return found(input);
}

async function status(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return '200';
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return String(PROBLEMS[problemOf(error).slug].status);
  }
}

/** Calls the operation by HTTP. `own` is a success that names nothing of the organization here. */
async function asToken(row: RoleRow, token: string | null): Promise<string> {
  const actor = token === null ? ANONYMOUS : ((await resolveToken(harness.ctx, token)) ?? ANONYMOUS);
  const organization = actor.kind === 'token' ? { providerId: actor.providerId, customerId: actor.customerId } : null;
  const response = await handleRest(requestOf(row), contextOf(actor, organization));
  const text = await response.text();
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    return String(response.status);
  }
  const foreign = token === tokens.elsewhere || token === sibling.token;
  if (!foreign) return String(response.status);
  for (const id of [here.apiId, here.routeId, here.planId, here.customerId, here.agentId, here.keyId, here.tokenId]) {
    expect(text).not.toContain(id);
  }
  return 'own';
}

function requestOf(row: RoleRow): Request {
  const [method = 'GET', template = '/'] = (row.operation ?? '').split(' ');
  const input = sampleOf(row);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(input[name]);
    delete input[name];
    return encodeURIComponent(value);
  });
  const url = new URL(`https://portal.example/api/v1${path}`);
  if (method === 'GET' || method === 'DELETE') {
    for (const [name, value] of Object.entries(input)) url.searchParams.set(name, String(value));
    return new Request(url, { method });
  }
  const wholeBody = wholeBodyOf(method, template);
  const body = JSON.stringify(wholeBody === null ? input : input[wholeBody.member]);
  return new Request(url, { method, headers: { 'content-type': 'application/json' }, body });
}

/** Another customer of the same provider, with a token of its own. */
async function createSibling() {
  const owner = await harness.person('owner@sibling.example');
  const customer = (await call('account.becomeCustomer', contextOf(owner, null), {
    providerSlug: here.slug,
    name: 'Sibling',
  })) as { id: string };
  const target = { providerId: here.providerId, customerId: customer.id };
  const { token } = await createToken(harness.ctx, owner, { ...target, name: 'sibling', scopes: ['read', 'write'] });
  return { owner, customerId: customer.id, token };
}
