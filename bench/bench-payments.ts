import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChain, startFacilitator } from '@tollwright/testing';
import type { Hex } from 'viem';
import type { Ends } from './ends.ts';
import { type PaidRow, timePaidCalls } from './payments/paid-calls.ts';
import { type Rate, timeRates } from './payments/rates.ts';
import { exactPayer } from './payments/sign-exact.ts';
import { subjectsOf } from './payments/subjects.ts';
import { voucherSubjects } from './payments/vouchers.ts';
import { store } from './report.ts';

const FUNDS_ATOMIC = 1_000_000_000_000n;

/** Times payments: checking them, asking for them, and what they add to a call. */
export async function benchPayments(ends: Ends): Promise<void> {
  const chain = await startChain({ port: 0 });
  ends.push(() => chain.close());
  const privateKey = chain.accounts[0]?.privateKey as Hex;
  const facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey });
  ends.push(() => facilitator.close());
  await chain.mint(exactPayer, FUNDS_ATOMIC);
  const subjects = await subjectsOf(ends, chain, facilitator);
  const verifications = ratioed(await timeRates(subjects.verifications), '@x402/evm exact, RPC of anvil on loopback');
  print('verifications', verifications);
  const vouchers = ratioed(await timeRates(await voucherSubjects()), 'mppx, voucher');
  print('vouchers', vouchers);
  const challenges = ratioed(await timeRates(subjects.challenges), 'mppx, stripe');
  print('challenges', challenges);
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-bench-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as a user of its own and has to pass through.
  chmodSync(folder, 0o755);
  const paidCalls = await timePaidCalls(ends, folder, chain, facilitator);
  printPaid(paidCalls);
  store('payments', { verifications, vouchers, challenges, paidCalls });
}

interface Ratioed extends Rate {
  readonly ratio: number;
}

/** Each rate over the peer's of the same run. */
function ratioed(rates: readonly Rate[], peer: string): readonly Ratioed[] {
  const base = rates.find(({ name }) => name === peer)?.perCpuSecond ?? Number.NaN;
  return rates.map((rate) => ({ ...rate, ratio: rate.perCpuSecond / base }));
}

function print(what: string, rates: readonly Ratioed[]): void {
  process.stdout.write(`\n${what}, a second of one core\n`);
  for (const { name, perCpuSecond, ratio } of rates) {
    process.stdout.write(`  ${name.padEnd(46)} ${perCpuSecond.toFixed(0).padStart(8)}  ${ratio.toFixed(2)} x\n`);
  }
}

function printPaid(rows: readonly PaidRow[]): void {
  process.stdout.write('\npaid calls, one after the other, in ms\n');
  for (const { rail, policy, ...figures } of rows) {
    const said = Object.entries(figures).map(
      ([name, value]) => `${name.replace('Ms', '')} ${value === null ? '-' : value.toFixed(1)}`,
    );
    process.stdout.write(`  ${rail.padEnd(7)} settled ${policy.padEnd(7)} ${said.join('  ')}\n`);
  }
}
