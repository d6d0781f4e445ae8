import { randomBytes } from 'node:crypto';
import type { CustomerRecord, KeyRecord } from '@tollwright/contracts';
import type { Period } from '@tollwright/core';
import { afterAll, beforeAll } from 'vitest';
import type { BatchItem, ItemReply, NodeAsk, ReserveItem, Seat, SettleItem, StatePort, WindowTake } from '../port.ts';

/** What an adapter brings to be held to the contract. */
export interface StateHarness {
  /** Another process: an adapter with connections of its own to the same store. */
  connect(): StatePort;
  /** Stops the store's clock at a moment, or lets it run again. */
  setClock(atMs: number | null): Promise<void>;
  /** Makes every tag and the epoch look as if another store had made them. */
  changeIdentity(): Promise<void>;
  restoreIdentity(): Promise<void>;
  close(): Promise<void>;
}

export type OpenHarness = () => Promise<StateHarness>;

/** Opens a store before the suite around it, and afterwards closes what was connected to it, and it. */
export function duringSuite(open: OpenHarness, use: (opened: StateHarness) => void): void {
  const connected: StatePort[] = [];
  let harness: StateHarness | null = null;
  beforeAll(async () => {
    const opened = await open();
    harness = opened;
    const connect = () => {
      const state = opened.connect();
      connected.push(state);
      return state;
    };
    use({ ...opened, connect });
  });
  afterAll(async () => {
    await Promise.all(connected.map((state) => state.close()));
    await harness?.close();
  });
}

export function freshId(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}

export function customer(customerId: string, version = 1): CustomerRecord {
  return {
    ...{ customerId, providerId: 'prv_1', version, status: 'active' },
    ...{ subscriptionId: null, planVersionId: null },
  };
}

export function key(over: Partial<KeyRecord> = {}): KeyRecord {
  return {
    ...{
      keyId: freshId('key'),
      agentId: 'agt_1',
      projectId: null,
      status: 'active',
      expiresAtMs: null,
      livemode: true,
    },
    budgetNodes: [{ node: 'budget:own_1', limitNanoUsd: 9_000_000_000_000_000n, period: 'month' }],
    ...over,
  };
}

export function ask(amount: bigint, limit: bigint, node = 'budget:own', period: Period = 'month'): NodeAsk {
  return { node, kind: 'budget', period, limit, amount };
}

export function reserveItem(over: Partial<ReserveItem> = {}): ReserveItem {
  return {
    ...{ kind: 'reserve', callId: freshId('evt'), versions: {}, windows: [], nodes: [] },
    ...{ deadlineAtMs: 4_000_000_000_000, reason: 'a call' },
    ...over,
  };
}

export function settleItem(callId: string, charges: SettleItem['charges'] = {}): SettleItem {
  return { kind: 'settle', callId, charges };
}

export function take(limit: number, window = 'rate:key', windowSeconds = 60): WindowTake {
  return { window, limit, windowSeconds };
}

/** One seat in a new customer's tag, which numbers its batches by itself. */
export interface TestSeat {
  readonly customerId: string;
  readonly tag: string;
  readonly spoolId: string;
  next(): Seat;
  /** Sends under the next number and expects `done`. */
  send(...items: BatchItem[]): Promise<readonly ItemReply[]>;
}

export async function openCustomer(state: StatePort): Promise<string> {
  const customerId = freshId('cus');
  await state.directory.putCustomer(customer(customerId), []);
  return customerId;
}

export async function registerSpool(state: StatePort): Promise<string> {
  const spoolId = freshId('spl');
  await state.spools.register({ spoolId, bootId: 'boot_1', host: 'host-1', url: 'http://127.0.0.1:1' });
  return spoolId;
}

export async function openSeat(state: StatePort, inCustomer?: string): Promise<TestSeat> {
  const customerId = inCustomer ?? (await openCustomer(state));
  const spoolId = await registerSpool(state);
  const tag = `c:${customerId}`;
  const { epoch } = await state.epochs.current();
  let number = 0;
  const next = (): Seat => {
    number += 1;
    return { tag, epoch, spoolId, incarnation: 1, number };
  };
  return {
    ...{ customerId, tag, spoolId, next },
    async send(...items) {
      const reply = await state.counters.batch(next(), items);
      if (reply.kind !== 'done') throw new Error(`expected done, got ${JSON.stringify(reply)}`);
      return reply.replies;
    },
  };
}
