import { NANO_USD_MAX, type Period } from '@tollwright/core';
import { type BatchItem, type NodeAsk, type ReserveItem, type Seat, type SettleItem, StateRejected } from '../port.ts';
import { Interned, PairInterned } from '../wire/interned.ts';
import { AmountArray, numberArray, TextArray, textElement } from './array-literal.ts';

/** The statement's parameters, and what is needed to read its reply. */
export interface EncodedBatch {
  readonly values: readonly unknown[];
  readonly periods: readonly Period[];
}

/** Flattens a batch into the arrays of state.batch, each distinct node, window and set of versions once. */
export function encodeBatch(seat: Seat, items: readonly BatchItem[]): EncodedBatch {
  const reserves = new EncodedReserves();
  const settles = new EncodedSettles();
  for (const item of items) {
    if (item.kind === 'settle') settles.add(item);
    else reserves.add(item);
  }
  return {
    periods: reserves.periods.values,
    values: [
      seat.tag,
      seat.epoch,
      seat.spoolId,
      seat.incarnation,
      seat.number,
      ...reserves.values(),
      ...settles.values(),
    ],
  };
}

class EncodedReserves {
  readonly periods = new Interned<Period>();
  private readonly bases: ReserveItem['versions'][] = [];
  private readonly nodes = new PairInterned<Period, string>();
  private readonly nodeLimits: { readonly limit: bigint; readonly text: string }[] = [];
  private readonly windows = new PairInterned<number, string>();
  private readonly calls = new TextArray();
  private readonly reasons = new TextArray();
  private readonly callBasis: number[] = [];
  private readonly deadlines: number[] = [];
  private readonly takeEnds: number[] = [];
  private readonly takeWindows: number[] = [];
  private readonly takeLimits: number[] = [];
  private readonly askEnds: number[] = [];
  private readonly askNodes: number[] = [];
  private readonly askAmounts = new AmountArray();
  private readonly askLimits: string[] = [];

  add(item: ReserveItem): void {
    this.calls.add(item.callId);
    this.reasons.add(item.reason);
    this.callBasis.push(this.basisOf(item.versions));
    this.deadlines.push(Math.trunc(item.deadlineAtMs));
    const firstTake = this.takeWindows.length;
    for (const take of item.windows) {
      this.takeWindows.push(fresh(this.takeWindows, firstTake, this.windows.index(take.windowSeconds, take.window)));
      this.takeLimits.push(take.limit);
    }
    this.takeEnds.push(this.takeWindows.length);
    const firstAsk = this.askNodes.length;
    for (const ask of item.nodes) {
      this.periods.index(ask.period);
      const node = this.nodes.index(ask.period, ask.node);
      this.askNodes.push(fresh(this.askNodes, firstAsk, node));
      this.askAmounts.add(inRange(ask.amount));
      this.askLimits.push(this.limitOf(node, ask));
    }
    this.askEnds.push(this.askNodes.length);
  }

  values(): unknown[] {
    const pairs = this.bases.flatMap((versions, index) =>
      Object.entries(versions).map(([subject, version]) => ({ basis: index + 1, subject, version })),
    );
    return [
      ...[numberArray(pairs.map((pair) => pair.basis)), TextArray.of(pairs.map((pair) => pair.subject))],
      numberArray(pairs.map((pair) => pair.version)),
      ...[TextArray.of(this.periods.values), TextArray.of(this.nodes.seconds)],
      numberArray(this.nodes.firsts.map((period) => this.periods.index(period))),
      ...[TextArray.of(this.windows.seconds), numberArray(this.windows.firsts)],
      ...[this.calls.literal(), numberArray(this.callBasis), numberArray(this.deadlines), this.reasons.literal()],
      ...[numberArray(this.takeEnds), numberArray(this.askEnds)],
      ...[numberArray(this.takeWindows), numberArray(this.takeLimits)],
      ...[numberArray(this.askNodes), this.askAmounts.literal(), numberArray(this.askLimits)],
    ];
  }

  /** Nearly all calls of a customer are decided under the same versions. */
  private basisOf(versions: ReserveItem['versions']): number {
    const known = this.bases.findIndex((basis) => sameVersions(basis, versions));
    return known >= 0 ? known + 1 : this.bases.push(versions);
  }

  /** A node's limit is nearly always the one it had a call ago, and a bigint is dear to write. */
  private limitOf(node: number, ask: NodeAsk): string {
    const known = this.nodeLimits[node];
    if (known?.limit === ask.limit) return known.text;
    const text = inRange(ask.limit).toString();
    this.nodeLimits[node] = { limit: ask.limit, text };
    return text;
  }
}

class EncodedSettles {
  private readonly calls = new Set<string>();
  private readonly chargeCalls = new TextArray();
  private readonly chargeNodes = new TextArray();
  private readonly chargeAmounts = new AmountArray();
  private readonly nodeElements = new Map<string, string>();

  /** A call settled twice in one batch is settled the first time. */
  add(item: SettleItem): void {
    if (this.calls.has(item.callId)) return;
    this.calls.add(item.callId);
    const call = textElement(item.callId);
    for (const node in item.charges) {
      this.chargeCalls.addElement(call);
      this.chargeNodes.addElement(this.nodeElement(node));
      this.chargeAmounts.add(inRange(item.charges[node] ?? 0n));
    }
  }

  values(): unknown[] {
    const { calls, chargeCalls, chargeNodes, chargeAmounts } = this;
    return [TextArray.of(calls), chargeCalls.literal(), chargeNodes.literal(), chargeAmounts.literal()];
  }

  private nodeElement(node: string): string {
    let element = this.nodeElements.get(node);
    if (element === undefined) {
      element = textElement(node);
      this.nodeElements.set(node, element);
    }
    return element;
  }
}

function sameVersions(a: ReserveItem['versions'], b: ReserveItem['versions']): boolean {
  if (a === b) return true;
  for (const subject in a) if (a[subject] !== b[subject]) return false;
  for (const subject in b) if (a[subject] === undefined) return false;
  return true;
}

function fresh(indexes: readonly number[], from: number, index: number): number {
  if (indexes.indexOf(index, from) >= 0) throw new StateRejected('a node or window appears twice in one item');
  return index;
}

function inRange(amount: bigint): bigint {
  if (amount < 0n || amount > NANO_USD_MAX) throw new StateRejected(`${amount} is not within 0 and 9*10^15`);
  return amount;
}
