import { cycleAt } from '@tollwright/core';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateCustomerBilling } from '../customer-billing/update.ts';
import { getInvoice } from '../invoice/get.ts';
import { listInvoices } from '../invoice/list.ts';
import { creditInvoice, payInvoice, voidInvoice } from '../invoice/settle.ts';
import { upcomingInvoice } from '../invoice/upcoming.ts';
import { updateInvoiceSettings } from '../invoice-settings/update.ts';
import { checkLedger } from '../ledger/check.ts';
import { archiveTaxRate } from '../tax-rate/archive.ts';
import { createTaxRate } from '../tax-rate/create.ts';
import { advanceBilling } from './advance.ts';
import { REVERSE_CHARGE } from './terms.ts';

const SOON_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the world's plan, every month. */
const FEE = 20_000_000_000n;
/** One call that the world has. */
const CALL = 300_000n;

let harness: ServicesHarness;
let world: World;
let anchorMs: number;
let index: number;

beforeEach(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  const { startedAt } = await harness.owner.subscription.findFirstOrThrow({ where: world.target });
  anchorMs = startedAt.getTime();
  index = 0;
});
afterEach(() => harness.close());

/** Closes the cycle that runs, and answers its invoice. */
async function nextInvoice() {
  let cycle = cycleAt('month', anchorMs, anchorMs);
  for (let at = 0; at < index; at++) cycle = cycleAt('month', anchorMs, cycle.endsAtMs);
  index++;
  harness.advance(cycle.endsAtMs + SOON_MS - harness.workerCtx.clock());
  const at = new Date(harness.workerCtx.clock() + HOUR_MS);
  const survey = { sinceAt: new Date(0), lookedAt: at, notedAt: at };
  await harness.owner.spoolSurvey.upsert({
    where: { id: 'survey' },
    create: { id: 'survey', ...survey },
    update: survey,
  });
  await harness.owner.spoolWatermark.updateMany({ data: { closedAt: at } });
  await advanceBilling(harness.workerCtx);
  return newest();
}

async function newest() {
  const { providerId } = world;
  const { items } = await listInvoices(harness.ctx, world.owner, { providerId, limit: 1 });
  return getInvoice(harness.ctx, world.owner, { providerId, invoiceId: items[0]?.id ?? '' });
}

const tax = (input: { tax: 'none' | 'rate' | 'reverse-charge'; taxRateId?: string }) =>
  updateCustomerBilling(harness.ctx, world.owner, { ...world.target, ...input });
const vat = () => tax({ tax: 'rate', taxRateId: world.taxRateId });

/** What an account of the provider, or the customer's receivable, holds. */
async function balance(kind: string): Promise<bigint> {
  const rows = await harness.owner.$queryRaw<
    { total: bigint }[]
  >`SELECT coalesce(sum(p.amount_nano_usd), 0)::bigint AS total
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
    WHERE a.provider_id = ${world.providerId} AND a.kind::text = ${kind}`;
  return rows[0]?.total ?? 0n;
}

describe('an invoice', () => {
  it('says who sells and who buys as they were when it was issued', async () => {
    const { ctx } = harness;
    const { providerId } = world;
    const seller = {
      legalName: 'Acme GmbH',
      address: 'Hauptstr. 1\n10115 Berlin',
      taxId: 'DE123456789',
      footer: 'Thanks',
    };
    await updateInvoiceSettings(ctx, world.owner, { providerId, ...seller, netDays: 30 });
    const buyer = { name: 'Łódź 株式会社', address: 'ul. Piotrkowska 1', taxId: 'PL1', email: 'Books@Agents.example' };
    await updateCustomerBilling(ctx, world.customerOwner, { ...world.target, ...buyer });
    const issued = await nextInvoice();
    expect(issued.seller).toEqual({
      name: 'Acme GmbH',
      address: seller.address,
      taxId: seller.taxId,
      footer: 'Thanks',
    });
    expect(issued.buyer).toEqual({ ...buyer, email: 'books@agents.example' });
    expect(Date.parse(issued.dueAt) - Date.parse(issued.issuedAt)).toBe(30 * DAY_MS);
    await updateInvoiceSettings(ctx, world.owner, { providerId, legalName: 'Other', address: '' });
    await updateCustomerBilling(ctx, world.owner, { ...world.target, name: 'Other', netDays: 7 });
    const invoiceId = issued.id;
    expect(await getInvoice(ctx, world.customerOwner, { ...world.target, invoiceId })).toEqual(issued);
    const later = await nextInvoice();
    expect(later).toMatchObject({ seller: { name: 'Other', address: null }, buyer: { name: 'Other' } });
    expect(Date.parse(later.dueAt) - Date.parse(later.issuedAt)).toBe(7 * DAY_MS);
  });

  it('has the names of both where nobody has said more', async () => {
    expect(await newest()).toMatchObject({
      seller: { name: 'acme', address: null, taxId: null, footer: null },
      buyer: { name: 'Agents Inc', address: null, taxId: null, email: null },
      taxNanoUsd: '0',
    });
  });
});

describe('a tax', () => {
  it('is a line on the whole cents of the others, and is owed to nobody but the state', async () => {
    await vat();
    const upcoming = await upcomingInvoice(harness.ctx, world.customerOwner, world.target);
    const issued = await nextInvoice();
    expect(
      issued.lines.map(({ kind, description, amountNanoUsd, taxPercent }) => [
        kind,
        description,
        amountNanoUsd,
        taxPercent,
      ]),
    ).toEqual([
      ['fee', 'Pro', `${FEE}`, null],
      ['usage', 'calls', `${CALL}`, null],
      ['rounding', 'Rounded to whole cents', `-${CALL}`, null],
      ['tax', 'VAT 19%, Germany', '3800000000', '19'],
    ]);
    expect(issued).toMatchObject({ totalNanoUsd: '23800000000', taxNanoUsd: '3800000000' });
    expect(upcoming.lines.map(({ kind }) => kind)).toEqual(['usage']);
    expect(await balance('tax')).toBe(-3_800_000_000n);
    // The first invoice was issued before.
    expect(await balance('receivable')).toBe(FEE + 23_800_000_000n);
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
  });

  it('goes back with credit notes by its part, and all of it with the whole', async () => {
    await vat();
    const { id: invoiceId } = await nextInvoice();
    const credit = (amountNanoUsd: string) =>
      creditInvoice(harness.ctx, world.owner, { providerId: world.providerId, invoiceId, amountNanoUsd, reason: 'R' });
    await credit('10000000');
    await credit('7770000000');
    const whole = await credit('16020000000');
    // 19/119 of 0.01, 7.78 and 23.80 in sum.
    expect(whole.creditNotes.map(({ taxNanoUsd }) => taxNanoUsd)).toEqual(['0', '1240000000', '2560000000']);
    expect(whole).toMatchObject({ state: 'paid', dueNanoUsd: '0' });
    expect(await balance('tax')).toBe(0n);
    expect(await balance('receivable')).toBe(FEE);
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
  });

  it('goes back with what of it is left where an invoice is voided', async () => {
    await vat();
    const { id: invoiceId } = await nextInvoice();
    const wanted = { providerId: world.providerId, invoiceId, reason: 'R' };
    await creditInvoice(harness.ctx, world.owner, { ...wanted, amountNanoUsd: '1190000000' });
    expect(await balance('tax')).toBe(-3_610_000_000n);
    await voidInvoice(harness.ctx, world.owner, wanted);
    expect(await balance('tax')).toBe(0n);
    expect(await balance('receivable')).toBe(FEE);
  });

  it('stays owed to the state when the invoice is paid', async () => {
    await vat();
    const { id: invoiceId } = await nextInvoice();
    await payInvoice(harness.ctx, world.owner, { providerId: world.providerId, invoiceId, paidBy: 'Bank transfer' });
    expect(await balance('tax')).toBe(-3_800_000_000n);
    expect(await balance('clearing_manual')).toBe(23_800_000_000n);
    expect(await balance('receivable')).toBe(FEE);
  });

  it('goes back by its part when what was paid goes back', async () => {
    await vat();
    const { id: invoiceId } = await nextInvoice();
    const wanted = { providerId: world.providerId, invoiceId, reason: 'Slow' };
    const credit = (amountNanoUsd: string, paidBack?: string) =>
      creditInvoice(harness.ctx, world.owner, {
        ...{ ...wanted, amountNanoUsd },
        ...(paidBack === undefined ? {} : { paidBack }),
      });
    await expect(credit('10000000', 'Wire')).rejects.toThrow(/is for an invoice that is paid/);
    await credit('3570000000');
    await payInvoice(harness.ctx, world.owner, { providerId: world.providerId, invoiceId, paidBy: 'Bank transfer' });
    await expect(credit('10000000')).rejects.toThrow(/must say how the money went back/);
    await expect(credit('20240000000', 'Wire')).rejects.toThrow(/more than the 20230000000 that was paid/);
    const back = await credit('11900000000', 'Wire of 3 December');
    expect(back).toMatchObject({
      state: 'paid',
      paidNanoUsd: '8330000000',
      creditedNanoUsd: '15470000000',
      dueNanoUsd: '0',
    });
    expect(back.creditNotes.at(-1)).toMatchObject({ paidBack: 'Wire of 3 December', taxNanoUsd: '1900000000' });
    expect([await balance('clearing_manual'), await balance('tax')]).toEqual([8_330_000_000n, -1_330_000_000n]);
    await credit('8330000000', 'Wire');
    await expect(credit('10000000', 'Wire')).rejects.toThrow();
    expect([await balance('clearing_manual'), await balance('tax'), await balance('receivable')]).toEqual([
      0n,
      0n,
      FEE,
    ]);
    await expect(payInvoice(harness.ctx, world.owner, { ...wanted, paidBy: 'X' })).rejects.toThrow(
      /only one that is open/,
    );
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
  });

  it('that the buyer owes itself is a line of nothing that says so', async () => {
    await tax({ tax: 'reverse-charge' });
    const issued = await nextInvoice();
    expect(issued.lines.at(-1)).toMatchObject({
      kind: 'tax',
      description: REVERSE_CHARGE,
      amountNanoUsd: '0',
      taxPercent: '0',
    });
    expect(issued.totalNanoUsd).toBe(`${FEE}`);
    await tax({ tax: 'none' });
    expect((await nextInvoice()).lines.map(({ kind }) => kind)).toEqual(['fee']);
  });

  it('is set by the provider alone, of its own rates', async () => {
    const { ctx } = harness;
    const own = { ...world.target, tax: 'none' as const };
    await expect(updateCustomerBilling(ctx, world.customerOwner, own)).rejects.toThrow(/Only the provider/);
    await expect(updateCustomerBilling(ctx, world.customerOwner, { ...world.target, netDays: 90 })).rejects.toThrow(
      /Only the/,
    );
    const other = await createWorld(harness, 'other');
    await expect(tax({ tax: 'rate', taxRateId: other.taxRateId })).rejects.toThrow(/none of your/);
    await expect(tax({ tax: 'rate' })).rejects.toThrow(/goes with/);
  });

  it('rate is archived once nobody has it, and is exact', async () => {
    const { ctx } = harness;
    const target = { providerId: world.providerId, taxRateId: world.taxRateId };
    await vat();
    await expect(archiveTaxRate(ctx, world.owner, target)).rejects.toThrow(/1 customers/);
    const made = { providerId: world.providerId, name: 'Sales tax', region: 'New York' };
    await expect(createTaxRate(ctx, world.owner, { ...made, percent: '100.1' })).rejects.toThrow(/at most 100/);
    await expect(createTaxRate(ctx, world.owner, { ...made, percent: '0' })).rejects.toThrow(/above 0/);
    const rate = await createTaxRate(ctx, world.owner, { ...made, percent: '8.8750' });
    expect(rate.percent).toBe('8.875');
    await tax({ tax: 'rate', taxRateId: rate.id });
    expect(await archiveTaxRate(ctx, world.owner, target)).toMatchObject({ archivedAt: expect.any(String) });
    await expect(vat()).rejects.toThrow(/none of your/);
    expect((await nextInvoice()).lines.at(-1)).toMatchObject({ amountNanoUsd: '1780000000', taxPercent: '8.875' });
  });
});
