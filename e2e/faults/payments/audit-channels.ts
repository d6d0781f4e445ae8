import { setTimeout as sleep } from 'node:timers/promises';
import { providerHome, SYSTEM } from '@tollwright/services';
import { PATH_USD_ADDRESS, queryOnce } from '@tollwright/testing';
import { createPublicClient, http, parseAbi, parseAbiItem } from 'viem';
import type { Stage } from '../stage.ts';
import { sumsOfLedger } from './audit.ts';
import type { PaidChannel, ShownVoucher } from './channel-payer.ts';
import { PRICE_ATOMIC, PRICE_NANO_USD, type Rails } from './every-rail.ts';

const RECOVERED_MS_MAX = 90_000;
const ENDED: ReadonlySet<string> = new Set(['settled', 'failed', 'released', 'refunded', 'credited']);
const KEPT: ReadonlySet<string> = new Set(['settled', 'refunded', 'credited']);
const RESERVE = parseAbi([
  'event ChannelOpened(bytes32 indexed channelId, address indexed payer, address indexed payee, address operator, address token, address authorizedSigner, bytes32 salt, bytes32 expiringNonceHash, uint96 deposit)',
  'event ChannelClosed(bytes32 indexed channelId, address indexed payer, address indexed payee, uint96 settledToPayee, uint96 refundedToPayer)',
]);
const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');

/** The figures of a scenario about channels. The last five have to be 0. */
export interface ChannelFigures {
  readonly channels: number;
  readonly vouchers: number;
  readonly served: number;
  /** Paid and not seen by who paid: its gateway died between both. The provider has an incident of each, and decides. */
  readonly unanswered: number;
  readonly returned: number;
  readonly chainAtomic: number;
  readonly beyondVoucherAtomic: number;
  readonly unpaidAtomic: number;
  readonly ranTwice: number;
  readonly openAfterRecovery: number;
  readonly depositsKept: number;
}

interface Row {
  readonly claim: string;
  readonly state: string;
  readonly request: string;
  readonly amount: string;
  /** Events of its call. */
  readonly events: number;
}

/** How a channel ended on the chain. */
interface Ended {
  readonly depositAtomic: bigint;
  /** Null while it is open. */
  readonly closed: { readonly settledAtomic: bigint; readonly refundedAtomic: bigint } | null;
}

/**
 * Waits until each payment has ended, and compares what payers signed and saw, the upstream, the store, Postgres, the books and
 * the chain say of channels that were closed. What does not agree goes to `failures`.
 */
export async function auditChannels(
  stage: Stage,
  channels: readonly PaidChannel[],
  failures: string[],
): Promise<ChannelFigures> {
  const rails = stage.rails as Rails;
  const open = await untilEnded(stage, channels);
  failures.push(...open.map((one) => `still open: ${one}`));
  const [rows, chain] = [await readRows(stage), await readReserve(rails)];
  const ranBy = new Map<string, (string | null)[]>();
  for (const { headers, requestId } of stage.upstream.log.calls(null)) {
    const mark = headers['x-account'] ?? '';
    ranBy.set(mark, [...(ranBy.get(mark) ?? []), requestId]);
  }
  const judged: Awaited<ReturnType<typeof judge>>[] = [];
  for (const channel of channels) {
    const own = rows.filter(({ claim }) => claim.startsWith(`${channel.channelKey}#`));
    judged.push(await judge(stage, channel, own, chain.get(channel.channelId.toLowerCase()) ?? null, ranBy));
  }
  failures.push(...judged.flatMap(({ wrong }) => wrong));
  const sum = (of: (one: (typeof judged)[number]) => number) => judged.reduce((total, one) => total + of(one), 0);
  const returned = await readReturns(rails, channels);
  await compareBooks(
    stage,
    sum(({ kept }) => kept),
    returned,
    failures,
  );
  return {
    ...{ channels: channels.length, vouchers: sum(({ vouchers }) => vouchers), served: sum(({ served }) => served) },
    ...{ unanswered: sum(({ kept, served }) => kept - served), returned, chainAtomic: sum(({ chain }) => chain) },
    ...{ beyondVoucherAtomic: sum(({ beyond }) => beyond), unpaidAtomic: sum(({ unpaid }) => unpaid) },
    ...{ ranTwice: sum(({ ranTwice }) => ranTwice), openAfterRecovery: open.length },
    depositsKept: sum(({ keptDeposit }) => keptDeposit),
  };
}

/** Waits until payments have ended, their calls have events, and channels are known to be closed. Answers what is missing. */
async function untilEnded(stage: Stage, channels: readonly PaidChannel[]): Promise<readonly string[]> {
  const deadline = Date.now() + RECOVERED_MS_MAX;
  for (;;) {
    const rows = await readRows(stage);
    const claims = await stage.state.claims.unresolved('', 1_000);
    const kept = new Set(rows.filter(({ state }) => KEPT.has(state)).map(({ claim }) => claim));
    const unclosed = await queryOnce<{ id: string; state: string }>(
      stage.database.url,
      "SELECT id, state FROM payment_channel WHERE state <> 'closed' AND id = ANY($1)",
      [channels.map(({ channelKey }) => channelKey)],
    );
    const unheard = channels.flatMap(({ vouchers }) => vouchers.filter(isServed)).filter(({ mark }) => !kept.has(mark));
    const open = [
      ...rows.filter(({ state }) => !ENDED.has(state)).map(({ claim, state }) => `${claim} ${state}`),
      ...claims.map(({ record }) => `${record.claimKey} ${record.state} in the store`),
      // The event may come with a later shipment than the payment.
      ...rows
        .filter(({ state, events }) => KEPT.has(state) && events === 0)
        .map(({ claim }) => `${claim} has no event`),
      ...unclosed.map(({ id, state }) => `${id} is ${state} in Postgres`),
      ...unheard.map(({ mark }) => `${mark} was served and is not in the books`),
    ];
    if (open.length === 0 || Date.now() > deadline) return open;
    await sleep(200);
  }
}

function isServed({ seen }: ShownVoucher): boolean {
  return seen.some(({ status }) => status === 200);
}

function readRows({ database }: Stage): Promise<Row[]> {
  return queryOnce<Row>(
    database.url,
    `SELECT p.claim_key AS claim, p.state, p.request_id AS request, p.amount_atomic AS amount,
       (SELECT count(*)::int FROM usage_event e WHERE e.request_id = p.request_id) AS events
     FROM payment p WHERE p.claim_key LIKE 'channel:%'`,
  );
}

/** Every channel that was ever opened on the chain, by its id. */
async function readReserve({ tempo }: Rails): Promise<ReadonlyMap<string, Ended>> {
  const client = createPublicClient({ transport: http(tempo.rpcUrl) });
  const logs = await client.getLogs({ address: tempo.escrow, events: RESERVE, fromBlock: 0n, strict: true });
  const found = new Map<string, Ended>();
  for (const { eventName, args } of logs) {
    const id = args.channelId.toLowerCase();
    if (eventName === 'ChannelOpened') found.set(id, { depositAtomic: args.deposit, closed: null });
    else {
      const closed = { settledAtomic: args.settledToPayee, refundedAtomic: args.refundedToPayer };
      found.set(id, { depositAtomic: found.get(id)?.depositAtomic ?? 0n, closed });
    }
  }
  return found;
}

/** What is wrong about one channel. */
async function judge(
  stage: Stage,
  { channelKey, vouchers }: PaidChannel,
  rows: readonly Row[],
  onChain: Ended | null,
  ranBy: ReadonlyMap<string, readonly (string | null)[]>,
) {
  const keptRows = rows.filter(({ state }) => KEPT.has(state));
  const served = vouchers.filter(isServed);
  const booked = keptRows.reduce((total, { amount }) => total + BigInt(amount), 0n);
  const [paid, refunded] = [onChain?.closed?.settledAtomic ?? 0n, onChain?.closed?.refundedAtomic ?? 0n];
  const highest = vouchers.at(-1)?.cumulativeAtomic ?? 0n;
  const least = BigInt(served.length) * PRICE_ATOMIC;
  const inStore = await stage.state.channels.get(channelKey);
  const [row] = await queryOnce<{ state: string; spent: string; settled: string }>(
    stage.database.url,
    'SELECT state, spent_atomic AS spent, settled_atomic AS settled FROM payment_channel WHERE id = $1',
    [channelKey],
  );
  const runsOf = ({ mark }: ShownVoucher) => ranBy.get(mark) ?? [];
  const paidFor = new Set(rows.map(({ request }) => request));
  const ranTwice = vouchers.filter((voucher) => {
    const runs = runsOf(voucher);
    return new Set(runs).size < runs.length || runs.some((id) => id === null || !paidFor.has(id));
  });
  const servedTwice = vouchers.filter(
    ({ seen }) => seen.filter(({ status, replayed }) => status === 200 && !replayed).length > 1,
  );
  const keptTwice = keptRows.length - new Set(keptRows.map(({ claim }) => claim)).size;
  const keptDeposit = onChain !== null && onChain.closed === null;
  const about = `${channelKey}: deposit ${onChain?.depositAtomic}, ${paid} paid out, ${refunded} back, ${booked} in the books, ${least} served, ${highest} signed`;
  const expectations = [
    ['its chain took more than the highest voucher', paid <= highest],
    ['its chain took less than was served', paid >= least],
    ['its chain and the books differ', paid === booked],
    ['its deposit was not given back', !keptDeposit],
    ['its deposit is not what was paid and given back', onChain === null || paid + refunded === onChain.depositAtomic],
    ['the store says that something is under way', (inStore?.heldAtomic ?? 0n) === 0n],
    ['the store and the books differ', inStore === null || inStore.spentAtomic === booked],
    ['its projection differs', row === undefined ? booked === 0n : BigInt(row.spent) === booked],
    ['its projection does not know what was settled', row === undefined || BigInt(row.settled) === paid],
    ['its projection is not closed', row === undefined || row.state === 'closed'],
    ['calls ran without a payment of their own', ranTwice.length === 0],
    ['vouchers were answered twice', servedTwice.length === 0],
    ['vouchers were kept twice', keptTwice === 0],
    ['a payment has not one event', keptRows.every(({ events }) => events === 1)],
  ] as const;
  const positive = (amount: bigint) => Number(amount > 0n ? amount : 0n);
  return {
    ...{ vouchers: vouchers.length, served: served.length, kept: keptRows.length, chain: Number(paid) },
    ...{ beyond: positive(paid - highest), unpaid: positive(least - paid), keptDeposit: keptDeposit ? 1 : 0 },
    ranTwice: ranTwice.length + servedTwice.length + keptTwice,
    wrong: expectations.flatMap(([what, holds]) => (holds ? [] : [`${what}: ${about}`])),
  };
}

/** How often the price of a call went back to a payer from the provider's own account. */
async function readReturns({ tempo, refundFrom }: Rails, channels: readonly PaidChannel[]): Promise<number> {
  const payers = new Set<string>(channels.map(({ payer }) => payer));
  const client = createPublicClient({ transport: http(tempo.rpcUrl) });
  const logs = await client.getLogs({
    ...{ address: PATH_USD_ADDRESS, event: TRANSFER, fromBlock: 0n, strict: true },
    args: { from: refundFrom },
  });
  return logs.filter(({ args }) => args.value === PRICE_ATOMIC && payers.has(args.to.toLowerCase())).length;
}

/** The ledger and the console's own figures, against what was taken of channels. */
async function compareBooks(stage: Stage, kept: number, returned: number, failures: string[]): Promise<void> {
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (String(found) !== String(wanted)) failures.push(`${what}: ${found}, and ${wanted} by the chain`);
  };
  const sumOf = await sumsOfLedger(stage);
  expect("the ledger's clearing account", sumOf('clearing_tempo'), BigInt(kept - returned) * PRICE_NANO_USD);
  expect('refunds in the ledger', sumOf('refunds'), BigInt(returned) * PRICE_NANO_USD);
  const home = await providerHome(stage.services, SYSTEM, { providerId: stage.tenant.providerId });
  expect("the console's settled payments", home.settledPayments, kept);
  expect("the console's revenue of payments", home.paymentsNanoUsd, BigInt(kept) * PRICE_NANO_USD);
  expect("the console's unknown payments", home.unknownPayments, 0);
}
