import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getCustomer } from '../customer/get.ts';
import { listInvoices } from '../invoice/list.ts';
import { creditInvoice, payInvoice, voidInvoice } from '../invoice/settle.ts';
import { updateInvoiceSettings } from '../invoice-settings/update.ts';
import { secretHash } from '../secret-hash.ts';
import { dunInvoices } from './dun.ts';

const DAY_MS = 86_400_000;
const NOTHING = { told: 0, reminded: 0, stopped: 0, lifted: 0 };

let harness: ServicesHarness;
let world: World;
let invoice: { readonly invoiceId: string; readonly providerId: string };
let dueAtMs: number;

beforeEach(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  const { providerId } = world;
  const [fee] = (await listInvoices(harness.ctx, world.owner, { providerId })).items;
  invoice = { providerId, invoiceId: fee?.id ?? '' };
  dueAtMs = Date.parse(fee?.dueAt ?? '');
});
afterEach(() => harness.close());

const toDay = (day: number) => harness.advance(dueAtMs + day * DAY_MS - harness.workerCtx.clock());
const dun = () => dunInvoices(harness.workerCtx);
const overdueSince = async () => {
  const principal = await harness.gatewayState.directory.findKey(secretHash(world.key));
  return principal?.customer.overdueSinceMs ?? null;
};
const subjects = () => harness.mails.map(({ subject }) => subject).filter((subject) => subject.includes('overdue'));
const told = async () => {
  const rows = await harness.owner.outboxMessage.findMany({ where: { providerId: world.providerId } });
  return rows.filter(({ payload }) => JSON.stringify(payload).includes('invoice.overdue')).length;
};

describe('an invoice that is not paid', () => {
  it('is told to webhooks when it is due, and to owners on the days that the provider set, each once', async () => {
    const before = subjects().length;
    toDay(-1);
    expect(await dun()).toEqual(NOTHING);
    toDay(0);
    const rounds = await Promise.all([dun(), dun()]);
    expect(rounds.map((round) => round.told).sort()).toEqual([0, 1]);
    expect([await told(), subjects().length - before]).toEqual([1, 0]);
    toDay(1);
    expect(await dun()).toEqual({ ...NOTHING, reminded: 1 });
    expect(await dun()).toEqual(NOTHING);
    expect(subjects().slice(before)).toEqual([expect.stringMatching(/^Acme.*: invoice ACME-000001 is overdue$/i)]);
    // A worker that was away for two of its days reminds once.
    toDay(30);
    expect(await dun()).toEqual({ ...NOTHING, reminded: 1 });
    expect([await told(), await overdueSince()]).toEqual([1, null]);
  });

  it('is not reminded of where the provider wants none, or once it is paid', async () => {
    await updateInvoiceSettings(harness.ctx, world.owner, { providerId: world.providerId, remindDays: [] });
    toDay(20);
    expect(await dun()).toEqual({ ...NOTHING, told: 1 });
    await updateInvoiceSettings(harness.ctx, world.owner, { providerId: world.providerId, remindDays: [1, 30] });
    await payInvoice(harness.ctx, world.owner, { ...invoice, paidBy: 'Wire' });
    toDay(40);
    expect(await dun()).toEqual(NOTHING);
  });

  it('has live keys refused from the day that the provider set, until it is paid', async () => {
    await updateInvoiceSettings(harness.ctx, world.owner, { providerId: world.providerId, stopDays: 10 });
    toDay(9);
    expect(await dun()).toMatchObject({ stopped: 0 });
    toDay(11);
    expect(await dun()).toMatchObject({ stopped: 1, lifted: 0 });
    expect(await dun()).toEqual(NOTHING);
    const since = new Date(dueAtMs + 10 * DAY_MS).toISOString();
    expect(await getCustomer(harness.ctx, world.customerOwner, world.target)).toMatchObject({ overdueSince: since });
    expect(await overdueSince()).toBe(Date.parse(since));
    expect(subjects().at(-1)).toMatch(/calls are refused until your overdue invoice is paid$/);
    await payInvoice(harness.ctx, world.owner, { ...invoice, paidBy: 'Wire' });
    expect(await overdueSince()).toBeNull();
    expect(await dun()).toEqual(NOTHING);
  });

  it.each(['credited', 'void', 'no longer minded'] as const)('lets calls go on when it is %s', async (end) => {
    const { providerId } = world;
    await updateInvoiceSettings(harness.ctx, world.owner, { providerId, stopDays: 1 });
    toDay(2);
    expect(await dun()).toMatchObject({ stopped: 1 });
    if (end === 'credited') {
      await creditInvoice(harness.ctx, world.owner, { ...invoice, amountNanoUsd: '10000000', reason: 'A part' });
      expect(await overdueSince()).not.toBeNull();
      await creditInvoice(harness.ctx, world.owner, { ...invoice, amountNanoUsd: '19990000000', reason: 'The rest' });
    } else if (end === 'void') {
      await voidInvoice(harness.ctx, world.owner, { ...invoice, reason: 'Wrong' });
    } else {
      await updateInvoiceSettings(harness.ctx, world.owner, { providerId, stopDays: null });
      expect(await dun()).toMatchObject({ lifted: 1 });
    }
    expect(await overdueSince()).toBeNull();
  });

  it('is minded as its provider says: days that grow, and none before the due day', async () => {
    const { providerId } = world;
    const update = (settings: object) => updateInvoiceSettings(harness.ctx, world.owner, { providerId, ...settings });
    await expect(update({ remindDays: [7, 1] })).rejects.toThrow(/must grow/);
    await expect(update({ remindDays: [0] })).rejects.toThrow();
    await expect(update({ stopDays: 0 })).rejects.toThrow();
    expect(await update({ remindDays: [2, 3], stopDays: 5 })).toMatchObject({ remindDays: [2, 3], stopDays: 5 });
  });
});
