import { apiSnapshot, type BreakerOptions, UPSTREAM_FALLBACKS_MAX } from '@tollwright/contracts';
import { createWorld, DOCUMENT, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from './create.ts';
import { getApi } from './get.ts';
import { updateApi } from './update.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());
beforeEach(() => update({ upstreamBaseUrl: OWN, upstreamFallbacks: [], upstreamBreaker: { kind: 'default' } }));

const OWN = 'https://upstream.example/base';
const [SECOND, THIRD] = ['https://second.example/base', 'https://third.example'];
const OPTIONS: BreakerOptions = {
  failuresInARow: 3,
  failurePercent: 20,
  windowMs: 5_000,
  callsMin: 10,
  openMs: 30_000,
};

type Wanted = Omit<Parameters<typeof updateApi>[2], 'providerId' | 'apiId'>;

function update(wanted: Wanted) {
  const { providerId, apiId, owner } = world;
  return updateApi(harness.ctx, owner, { providerId, apiId, ...wanted });
}

function create(slug: string, wanted: Pick<Wanted, 'upstreamFallbacks' | 'upstreamBreaker'>) {
  const source = { kind: 'text' as const, text: DOCUMENT };
  const { providerId, owner } = world;
  return createApi(harness.ctx, owner, { providerId, slug, name: slug, source, upstreamBaseUrl: OWN, ...wanted });
}

async function published(apiId: string) {
  const found = await harness.gatewayState.directory.getSnapshot(apiId);
  return apiSnapshot.parse(JSON.parse(found?.json ?? 'null')).upstream;
}

function refusal(...errors: { path: string; message: string }[]) {
  return { problem: { slug: 'invalid-input', members: { errors } } };
}

describe('other addresses of an upstream', () => {
  it('are none unless somebody names them', async () => {
    expect((await create('alone', {})).upstreamFallbacks).toEqual([]);
    expect((await published(world.apiId)).fallbacks).toEqual([]);
  });

  it('are stored, shown and published in their order', async () => {
    const { id } = await create('prepared', { upstreamFallbacks: [THIRD, `${SECOND}/`] });
    expect((await published(id)).fallbacks).toEqual([{ baseUrl: THIRD }, { baseUrl: SECOND }]);
    const after = await update({ upstreamFallbacks: [SECOND, THIRD] });
    expect(after.upstreamFallbacks).toEqual([SECOND, THIRD]);
    const { providerId, apiId, viewer } = world;
    expect(await getApi(harness.ctx, viewer, { providerId, apiId })).toEqual(after);
    expect((await published(apiId)).fallbacks).toEqual([{ baseUrl: SECOND }, { baseUrl: THIRD }]);
  });

  it('stay when something else is changed', async () => {
    await update({ upstreamFallbacks: [SECOND], upstreamBreaker: { kind: 'off' } });
    expect(await update({ name: 'Renamed' })).toMatchObject({
      upstreamFallbacks: [SECOND],
      upstreamBreaker: { kind: 'off' },
    });
  });

  it('are checked like the upstream address, each under its own path', async () => {
    const attempt = update({ upstreamFallbacks: [SECOND, 'ftp://third.example', 'https://a:b@fourth.example'] });
    await expect(attempt).rejects.toMatchObject(
      refusal(
        { path: 'upstreamFallbacks.1', message: 'must be an http or https address' },
        { path: 'upstreamFallbacks.2', message: 'must have no credentials, query or fragment' },
      ),
    );
  });

  it('are not named twice, however they are spelled', async () => {
    await expect(update({ upstreamFallbacks: [THIRD, SECOND, 'https://THIRD.example:443/'] })).rejects.toMatchObject(
      refusal({ path: 'upstreamFallbacks.2', message: 'is named twice' }),
    );
  });

  it('are not the upstream address, whichever of the two is changed', async () => {
    const itself = refusal({ path: 'upstreamFallbacks.1', message: 'is the upstream address itself' });
    await expect(create('itself', { upstreamFallbacks: [SECOND, OWN] })).rejects.toMatchObject(itself);
    await expect(update({ upstreamFallbacks: [SECOND, OWN] })).rejects.toMatchObject(itself);
    await update({ upstreamFallbacks: [SECOND] });
    await expect(update({ upstreamBaseUrl: SECOND })).rejects.toMatchObject(
      refusal({ path: 'upstreamBaseUrl', message: 'is one of the other addresses' }),
    );
    const swapped = await update({ upstreamBaseUrl: SECOND, upstreamFallbacks: [OWN] });
    expect(swapped).toMatchObject({ upstreamBaseUrl: SECOND, upstreamFallbacks: [OWN] });
  });

  it(`are at most ${UPSTREAM_FALLBACKS_MAX}`, async () => {
    const many = Array.from({ length: UPSTREAM_FALLBACKS_MAX + 1 }, (_, index) => `https://${index}.example`);
    await expect(update({ upstreamFallbacks: many })).rejects.toMatchObject(
      refusal({ path: 'upstreamFallbacks', message: 'must have at most 4 entries' }),
    );
    expect((await update({ upstreamFallbacks: many.slice(1) })).upstreamFallbacks).toEqual(many.slice(1));
  });
});

describe('the breaker of an upstream', () => {
  it('is what gateways have by themselves unless somebody chose', async () => {
    const { id, upstreamBreaker } = await create('by-itself', {});
    expect(upstreamBreaker).toEqual({ kind: 'default' });
    expect(await published(id)).not.toHaveProperty('breaker');
  });

  it('is switched off, set, and given back', async () => {
    await update({ upstreamBreaker: { kind: 'off' } });
    expect((await published(world.apiId)).breaker).toBeNull();
    const upstreamBreaker = { kind: 'custom' as const, ...OPTIONS };
    expect((await update({ upstreamBreaker })).upstreamBreaker).toEqual(upstreamBreaker);
    expect((await published(world.apiId)).breaker).toEqual(OPTIONS);
    await update({ upstreamBreaker: { kind: 'default' } });
    expect(await published(world.apiId)).not.toHaveProperty('breaker');
  });

  it('is refused with every wrong number', async () => {
    const { openMs: _, ...options } = OPTIONS;
    const upstreamBreaker = { kind: 'custom', ...options, failuresInARow: 0, failurePercent: 101 } as never;
    await expect(update({ upstreamBreaker })).rejects.toMatchObject(
      refusal(
        { path: 'upstreamBreaker.failuresInARow', message: 'must be at least 1' },
        { path: 'upstreamBreaker.failurePercent', message: 'must be at most 100' },
        { path: 'upstreamBreaker.openMs', message: 'is missing' },
      ),
    );
  });
});

it('a change of both is one audit entry that says before and after', async () => {
  await update({ upstreamFallbacks: [SECOND], upstreamBreaker: { kind: 'off' } });
  const where = { action: 'api.update', targetId: world.apiId };
  expect(await harness.owner.auditEntry.findFirst({ where, orderBy: { id: 'desc' } })).toMatchObject({
    before: { upstreamFallbacks: [], upstreamBreaker: { kind: 'default' } },
    after: { upstreamFallbacks: [SECOND], upstreamBreaker: { kind: 'off' } },
  });
});
