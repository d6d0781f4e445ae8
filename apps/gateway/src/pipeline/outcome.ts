import type { Charge } from '@tollwright/contracts';
import { minUsd, NANO_USD_MAX, nanoUsd, ZERO_USD } from '@tollwright/core';
import type { Fields, NodeAsk, Priced } from '@tollwright/policies';
import type { GrantedNode } from '@tollwright/state';
import type { AskedHold } from '../guard/asked.ts';
import type { Reading } from '../meter/meter.ts';
import type { EventTail } from '../spool/record.ts';
import type { Decided } from './decide.ts';

const NO_HOLDS: readonly AskedHold[] = [];

/** What of a granted call its outcome depends on: a call that was paid for holds nothing of anybody's limits. */
export interface Rated {
  readonly call: Pick<Decided, 'route' | 'tariff' | 'worst' | 'asked' | 'nodes'>;
  readonly nodes: readonly GrantedNode[];
}

/** What happened to a forwarded call, in the gateway's own words. */
export interface Seen {
  readonly reading: Reading;
  /** What the caller was answered; 499 when it hung up before a head. */
  readonly status: number;
  readonly upstreamStatus: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  /** False for a failed upstream or an answer that is no success: recorded, not charged. */
  readonly billable: boolean;
}

/**
 * Prices what was consumed and works out what each node is charged: never more than it held. The rest is the provider's
 * shortfall. The model is the one that was asked for and priced, whatever the answer calls it.
 */
export function outcomeOf(granted: Rated, seen: Seen): EventTail {
  const { call } = granted;
  const data = dataOf(call, seen);
  const priced = seen.billable ? call.tariff.price(data) : null;
  // An upstream may report any number; an event carries no more than a counter can hold.
  const ratedNanoUsd = priced === null ? ZERO_USD : minUsd(priced.rated.amountNanoUsd, NANO_USD_MAX);
  const chargedNanoUsd = minUsd(ratedNanoUsd, call.worst.priced.rated.amountNanoUsd);
  return {
    data,
    bytesOut: seen.bytesOut,
    durationMs: seen.durationMs,
    firstByteMs: seen.firstByteMs,
    estimated: seen.reading.estimated,
    ratedNanoUsd,
    chargedNanoUsd,
    shortfallNanoUsd: nanoUsd(ratedNanoUsd - chargedNanoUsd),
    charges: priced === null ? [] : chargesOf(granted, priced, chargedNanoUsd),
    decision: 'forwarded',
    status: seen.status,
    upstreamStatus: seen.upstreamStatus,
  };
}

/** Whether what was read goes beyond what is held for the call, in money, in the units of a quota or in those of a policy. */
export function isOverHold({ call }: Rated, { fields }: Reading): boolean {
  const priced = call.tariff.price(asAsked(call, fields));
  if (priced.rated.amountNanoUsd > call.worst.priced.rated.amountNanoUsd) return true;
  const { quotas } = call.tariff;
  const holds = call.asked?.holds ?? NO_HOLDS;
  const firstHold = call.nodes.length - holds.length;
  const firstQuota = firstHold - quotas.length;
  const held = (index: number) => call.nodes[index]?.amount ?? 0n;
  return (
    quotas.some((quota, index) => quota.units(priced.quantities) > held(firstQuota + index)) ||
    holds.some(({ charge }, index) => (charge?.(priced) ?? 0n) > held(firstHold + index))
  );
}

/** What was read, under the model that was asked for, with what the gateway itself knows. */
function dataOf(call: Rated['call'], { reading, status, bytesIn, bytesOut, durationMs }: Seen): Fields {
  const data = asAsked(call, reading.fields);
  data.route = call.route.known.route;
  data.status = status;
  data.bytes_in = bytesIn;
  data.bytes_out = bytesOut;
  data.duration_ms = Math.ceil(durationMs);
  if (call.tariff.tiers !== null) Object.assign(data, call.tariff.tiers(data));
  return data;
}

function asAsked({ worst }: Pick<Decided, 'worst'>, fields: Fields): Fields {
  const model = worst.data.model ?? fields.model;
  if (model !== undefined) fields.model = model;
  return fields;
}

/** Budgets are charged money, quotas units, holds of policies what these say; no node more than it held. */
function chargesOf({ call, nodes }: Rated, priced: Priced, chargedNanoUsd: bigint): Charge[] {
  const { quotas } = call.tariff;
  const holds = call.asked?.holds ?? NO_HOLDS;
  const firstHold = call.nodes.length - holds.length;
  const firstQuota = firstHold - quotas.length;
  const charges: Charge[] = [];
  for (let index = 0; index < call.nodes.length; index++) {
    const ask = call.nodes[index] as NodeAsk;
    const granted = nodes[index];
    const used =
      index < firstHold
        ? (quotas[index - firstQuota]?.units(priced.quantities) ?? chargedNanoUsd)
        : (holds[index - firstHold]?.charge?.(priced) ?? 0n);
    const amount = atMost(used, ask.amount);
    if (amount === 0n) continue;
    const periodId = granted?.node === ask.node ? granted.periodId : periodOf(nodes, ask.node);
    charges.push({ node: ask.node, periodId, amount });
  }
  return charges;
}

function atMost(value: bigint, most: bigint): bigint {
  if (value > most) return most;
  return value;
}

function periodOf(nodes: readonly GrantedNode[], node: string): string {
  const granted = nodes.find((candidate) => candidate.node === node);
  if (granted === undefined) throw new Error(`the node ${node} was asked for but not granted`);
  return granted.periodId;
}

/** Charges by node, as the store takes them. */
export function chargesByNode(charges: readonly Charge[]): Record<string, bigint> {
  const byNode: Record<string, bigint> = {};
  for (const { node, amount } of charges) byNode[node] = amount;
  return byNode;
}
