import { openServicesHarness, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestReset } from '../account/request-reset.ts';
import { SYSTEM } from '../actor.ts';
import { createCustomer } from '../customer/create.ts';
import { createProvider } from '../provider/create.ts';
import { drainOutbox } from './drain-outbox.ts';
import { publishAll } from './publish-all.ts';

let harness: ServicesHarness;
let providerId: string;

beforeAll(async () => {
  harness = await openServicesHarness();
  providerId = (await createProvider(harness.ctx, SYSTEM, { name: 'Post', slug: 'post' })).id;
});
afterAll(() => harness.close());

const waiting = () => harness.owner.outboxMessage.findMany({ where: { sentAt: null } });
function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const away = () => Promise.reject(new Error('away'));

describe('drainOutbox', () => {
  it('keeps a publication that failed, and sends it when its wait is over', async () => {
    const { directory } = harness.ctx.state;
    let nowMs = Date.now();
    const clock = () => nowMs;
    const state = { ...harness.ctx.state, directory: { ...directory, putCustomer: away } };
    const customer = await createCustomer({ ...harness.ctx, state, clock }, SYSTEM, { providerId, name: 'C' });
    expect(await waiting()).toMatchObject([{ kind: 'publish-customer', attempts: 1, lastError: 'away' }]);
    const worker = { ...harness.workerCtx, clock };
    expect(await drainOutbox(worker, { limit: 10 })).toEqual({ sent: 0, failed: 0 });
    nowMs += 2_000;
    expect(await drainOutbox(worker, { limit: 10 })).toEqual({ sent: 1, failed: 0 });
    expect(await waiting()).toEqual([]);
    const { changes } = await harness.gatewayState.directory.changesSince(0, 100);
    expect(changes.map((change) => change.id)).toContain(customer.id);
  });

  it('waits for a publication that somebody else is sending', async () => {
    const { directory } = harness.ctx.state;
    const withDirectory = (putCustomer: typeof directory.putCustomer) => ({
      state: { ...harness.ctx.state, directory: { ...directory, putCustomer } },
    });
    await createCustomer({ ...harness.ctx, ...withDirectory(away) }, SYSTEM, { providerId, name: 'Slow' });
    const ids = (await waiting()).map(({ id }) => id);
    harness.advance(2_000);
    const steps: string[] = [];
    const begun = withResolvers();
    const slowly: typeof directory.putCustomer = async (customer, keys) => {
      begun.resolve();
      await new Promise((wake) => setTimeout(wake, 200));
      await directory.putCustomer(customer, keys);
      steps.push('published');
    };
    const other = drainOutbox({ ...harness.workerCtx, ...withDirectory(slowly) }, { limit: 10 });
    await begun.promise;
    await drainOutbox(harness.ctx, { limit: 1, ids });
    steps.push('went on');
    expect(await other).toEqual({ sent: 1, failed: 0 });
    expect(steps).toEqual(['published', 'went on']);
  });

  it('sends each message once when many senders drain at once', async () => {
    const mails: string[] = [];
    const slow = async (mail: { to: string }) => {
      mails.push(mail.to);
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const failing = { ...harness.ctx, mailer: { send: away } };
    for (const name of ['a', 'b', 'c', 'd']) {
      await harness.person(`${name}@post.example`);
      await requestReset(failing, { email: `${name}@post.example` });
    }
    harness.advance(2_000);
    const contexts = [harness.ctx, harness.workerCtx].map((ctx) => ({ ...ctx, mailer: { send: slow } }));
    await Promise.all([...contexts, ...contexts].map((ctx) => drainOutbox(ctx, { limit: 10 })));
    expect(mails.sort()).toEqual(['a@post.example', 'b@post.example', 'c@post.example', 'd@post.example']);
  });

  it('lets many more verbs run at once than the pool has connections', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `customer ${index}`);
    await Promise.all(names.map((name) => createCustomer(harness.ctx, SYSTEM, { providerId, name })));
    expect(await waiting()).toEqual([]);
  });

  it('holds mail sealed while it waits', async () => {
    const rows = await harness.owner.outboxMessage.findMany({ where: { kind: 'mail' } });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(JSON.stringify(row.payload)).toMatch(/"text":\s*"v1\.k1\./);
  });
});

describe('publishAll', () => {
  it('fills a directory again with every API and customer', async () => {
    expect(await publishAll(harness.workerCtx)).toEqual({ apis: 0, customers: 26 });
  });

  it('is not for the portal, which may not list tenants', async () => {
    await expect(publishAll(harness.ctx)).rejects.toThrow(/permission denied/);
  });
});
