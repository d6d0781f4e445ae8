import { channelKeyOf, type PaymentRecord } from '@tollwright/contracts';
import { type DbPaymentChannel, type Tx, toDbJson } from '@tollwright/db';

/** States in which a payment has taken its amount of its channel. */
const SPENT = ['settled', 'refunding', 'refunded', 'credited'] as const;

type Voucher = { readonly cumulativeAtomic: bigint; readonly signature: string };
type OnChannel = { readonly channelKey: string; readonly record: PaymentRecord; readonly voucher: Voucher };

/** The payments of channels that were spent before, whose channels are locked until the end of the transaction. */
export type SpentBefore = ReadonlySet<string>;

/** Locks the channels of these payments, and makes those that are not there yet. To be called before the payments are stored. */
export async function lockChannels(tx: Tx, records: readonly PaymentRecord[], now: Date): Promise<SpentBefore> {
  const paid = records.flatMap(onChannel);
  if (paid.length === 0) return new Set();
  const first = [...new Map(paid.map((one) => [one.channelKey, one])).values()];
  first.sort((a, b) => (a.channelKey < b.channelKey ? -1 : 1));
  await tx.paymentChannel.createMany({ data: first.map((one) => firstRow(one, now)), skipDuplicates: true });
  const keys = first.map(({ channelKey }) => channelKey);
  await tx.$queryRaw`SELECT id FROM payment_channel WHERE id = ANY (${keys}) ORDER BY id FOR UPDATE`;
  const ids = paid.map(({ record }) => record.paymentId);
  const spent = await tx.payment.findMany({
    where: { id: { in: ids }, state: { in: [...SPENT] } },
    select: { id: true },
  });
  return new Set(spent.map(({ id }) => id));
}

/** Takes payments that have moved into their channels, each amount once. */
export async function bookChannels(
  tx: Tx,
  moved: readonly PaymentRecord[],
  before: SpentBefore,
  now: Date,
): Promise<void> {
  const paid = moved.flatMap(onChannel);
  for (const id of new Set(paid.map(({ channelKey }) => channelKey))) {
    const group = paid.filter(({ channelKey }) => channelKey === id);
    const row = await tx.paymentChannel.findUniqueOrThrow({ where: { id } });
    await tx.paymentChannel.update({ where: { id }, data: booked(row, group, before, now) });
  }
}

function booked(row: DbPaymentChannel, group: readonly OnChannel[], before: SpentBefore, now: Date) {
  const added = group
    .filter(({ record }) => isSpent(record) && !before.has(record.paymentId))
    .reduce((sum, { record }) => sum + BigInt(record.amountAtomic), 0n);
  const spentAtomic = row.spentAtomic + added;
  const known: Voucher[] = [
    { cumulativeAtomic: row.voucherAtomic, signature: row.voucherSignature },
    ...(row.dueAtomic === null || row.dueSignature === null
      ? []
      : [{ cumulativeAtomic: row.dueAtomic, signature: row.dueSignature }]),
    ...group.map(({ voucher }) => voucher),
  ];
  const highest = highestOf(known);
  const due = highestOf(known.filter(({ cumulativeAtomic }) => cumulativeAtomic <= spentAtomic));
  const usedAt = new Date(Math.max(+row.usedAt, ...group.map(({ record }) => Date.parse(record.occurredAt))));
  return {
    ...{ spentAtomic, usedAt },
    ...(row.customerId === null ? ownerOf(group) : {}),
    nanoUsdPerAtomic: row.nanoUsdPerAtomic || group.map(({ record }) => unitOf(record)).find((unit) => unit > 0n) || 0n,
    ...(highest === null ? {} : { voucherAtomic: highest.cumulativeAtomic, voucherSignature: highest.signature }),
    ...(due === null ? {} : { dueAtomic: due.cumulativeAtomic, dueSignature: due.signature }),
    unsettledSince: spentAtomic > row.settledAtomic ? (row.unsettledSince ?? now) : null,
  };
}

/** Whose key was beside a payment first. A channel keeps its customer: nobody else sees it because of a later key. */
function ownerOf(group: readonly OnChannel[]) {
  const keyed = group.filter(({ record }) => record.customerId !== null);
  keyed.sort((a, b) => Date.parse(a.record.occurredAt) - Date.parse(b.record.occurredAt));
  const [first] = keyed;
  return first === undefined ? {} : { customerId: first.record.customerId, agentId: first.record.agentId };
}

/** What the asset's smallest unit is worth; 0 of a payment of nothing, which does not say. */
function unitOf({ priceNanoUsd, roundingNanoUsd, amountAtomic }: PaymentRecord): bigint {
  return BigInt(amountAtomic) === 0n ? 0n : (priceNanoUsd + roundingNanoUsd) / BigInt(amountAtomic);
}

function highestOf(vouchers: readonly Voucher[]): Voucher | null {
  return vouchers.reduce<Voucher | null>(
    (best, one) => (best === null || one.cumulativeAtomic > best.cumulativeAtomic ? one : best),
    null,
  );
}

function isSpent({ state }: PaymentRecord): boolean {
  return SPENT.some((spent) => spent === state);
}

function onChannel(record: PaymentRecord): readonly OnChannel[] {
  const channelKey = channelKeyOf(record.claimKey);
  const { cumulative, signature } = record.details;
  if (channelKey === null || cumulative === undefined || signature === undefined) return [];
  return [{ channelKey, record, voucher: { cumulativeAtomic: BigInt(cumulative), signature } }];
}

function firstRow({ channelKey, record, voucher }: OnChannel, now: Date) {
  const { providerId, livemode, rail, network, asset, payer, payTo } = record;
  const { cumulative: _cumulative, signature: _signature, challengeId: _challengeId, ...details } = record.details;
  return {
    ...{ id: channelKey, providerId, customerId: null, livemode, rail, network },
    ...{ asset: asset.toLowerCase(), payer: payer.toLowerCase(), payTo: payTo.toLowerCase(), state: 'open' },
    ...{ spentAtomic: 0n, settledAtomic: 0n, details: toDbJson(details) },
    nanoUsdPerAtomic: unitOf(record),
    ...{ voucherAtomic: voucher.cumulativeAtomic, voucherSignature: voucher.signature },
    ...{ usedAt: new Date(record.occurredAt), lookedAt: now },
  };
}
