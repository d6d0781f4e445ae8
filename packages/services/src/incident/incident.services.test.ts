import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list.ts';
import { listIncidents } from './list.ts';
import { resolveIncident } from './resolve.ts';
import { storeSilent } from './store-silent.ts';

let harness: ServicesHarness;
let acme: World;
let other: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  await storeSilent(harness.workerCtx, [{ spoolId: 'spl_silent', seenMs: Date.parse('2026-01-01T00:00:00Z') }]);
});
afterAll(() => harness?.close());

const found = async ({ viewer, providerId }: World) => (await listIncidents(harness.ctx, viewer, { providerId })).items;
const idOf = async (world: World) => (await found(world))[0]?.id ?? '';
const resolve = async (world: World, actor: World['owner'], incidentId: string) =>
  resolveIncident(harness.ctx, actor, { providerId: world.providerId, incidentId });

describe('resolveIncident', () => {
  it('refuses a read-only actor and an incident of another organization', async () => {
    const mine = await idOf(acme);
    await expect(resolve(acme, acme.viewer, mine)).rejects.toMatchObject({ problem: { slug: 'forbidden' } });
    await expect(resolve(acme, other.owner, mine)).rejects.toMatchObject({ problem: { slug: 'not-found' } });
    await expect(resolve(other, other.owner, mine)).rejects.toMatchObject({ problem: { slug: 'not-found' } });
    expect(await found(acme)).toMatchObject([{ id: mine, resolvedAt: null }]);
  });

  it('notes when, once, and says so in the audit log; it does not come back, and others keep theirs', async () => {
    const { providerId, owner } = acme;
    const id = await idOf(acme);
    const resolved = await resolve(acme, owner, id);
    expect(resolved.resolvedAt).not.toBeNull();
    harness.advance(5_000);
    expect(await resolve(acme, owner, id)).toEqual(resolved);
    const { items } = await listAudit(harness.ctx, owner, { providerId });
    expect(items.filter(({ action }) => action === 'incident.resolve')).toMatchObject([{ targetId: id }]);
    await storeSilent(harness.workerCtx, [{ spoolId: 'spl_silent', seenMs: Date.parse('2026-01-01T00:00:00Z') }]);
    expect(await found(acme)).toEqual([resolved]);
    const listed = (state: 'open' | 'resolved') => listIncidents(harness.ctx, owner, { providerId, state });
    expect((await listed('open')).items).toEqual([]);
    expect((await listed('resolved')).items).toEqual([resolved]);
    expect(await found(other)).toMatchObject([{ resolvedAt: null }]);
  });
});
