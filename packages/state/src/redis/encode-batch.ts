import { NANO_USD_MAX, type Period } from '@tollwright/core';
import { type BatchItem, type ReserveItem, type SettleItem, StateRejected } from '../port.ts';
import { Interned, PairInterned } from '../wire/interned.ts';

/** The script's JSON, and what is needed to read its reply. */
export interface EncodedBatch {
  readonly json: string;
  readonly periods: readonly Period[];
}

/** Writes a batch for scripts/apply-items.ts, each distinct node, window and set of versions once. */
export function encodeBatch(items: readonly BatchItem[]): EncodedBatch {
  const periods = new Interned<Period>();
  const nodes = new PairInterned<Period, string>();
  const windows = new PairInterned<number, string>();
  const bases: ReserveItem['versions'][] = [];
  const calls: unknown[] = [];
  const settles = new Map<string, readonly (string | number)[]>();
  for (const item of items) {
    if (item.kind === 'settle') {
      // A call settled twice in one batch is settled the first time.
      if (!settles.has(item.callId)) settles.set(item.callId, encodeSettle(item));
      continue;
    }
    const takes: number[] = [];
    for (const { windowSeconds, window, limit } of item.windows) {
      takes.push(fresh(takes, 2, windows.index(windowSeconds, window)), limit);
    }
    const asks: number[] = [];
    for (const { period, node, amount, limit } of item.nodes) {
      periods.index(period);
      asks.push(fresh(asks, 3, nodes.index(period, node)), inRange(amount), inRange(limit));
    }
    calls.push([item.callId, basisOf(bases, item.versions), Math.trunc(item.deadlineAtMs), item.reason, takes, asks]);
  }
  const json = JSON.stringify({
    ...{ periods: periods.values, nodes: nodes.seconds, calls, settles: [...settles.values()] },
    nodePeriods: nodes.firsts.map((period) => periods.index(period)),
    ...{ windows: windows.seconds, windowSeconds: windows.firsts },
    bases: bases.map((versions) => Object.entries(versions).flat()),
  });
  return { json, periods: periods.values };
}

function encodeSettle({ callId, charges }: SettleItem): (string | number)[] {
  const encoded: (string | number)[] = [callId];
  for (const node in charges) encoded.push(node, inRange(charges[node] ?? 0n));
  return encoded;
}

/** Nearly all calls of a customer are decided under the same versions. */
function basisOf(bases: ReserveItem['versions'][], versions: ReserveItem['versions']): number {
  const known = bases.findIndex((basis) => sameVersions(basis, versions));
  return known >= 0 ? known + 1 : bases.push(versions);
}

function sameVersions(a: ReserveItem['versions'], b: ReserveItem['versions']): boolean {
  if (a === b) return true;
  for (const subject in a) if (a[subject] !== b[subject]) return false;
  for (const subject in b) if (a[subject] === undefined) return false;
  return true;
}

function fresh(encoded: readonly number[], stride: number, index: number): number {
  for (let at = 0; at < encoded.length; at += stride) {
    if (encoded[at] === index) throw new StateRejected('a node or window appears twice in one item');
  }
  return index;
}

/** Exact as a number: 9*10^15 is below 2^53. */
function inRange(amount: bigint): number {
  if (amount < 0n || amount > NANO_USD_MAX) throw new StateRejected(`${amount} is not within 0 and 9*10^15`);
  return Number(amount);
}
