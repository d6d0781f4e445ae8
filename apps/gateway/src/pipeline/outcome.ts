import { type Charge, ratedLines } from '@tollwright/contracts';
import { minUsd, NANO_USD_MAX, nanoUsd, type TierPosition, ZERO_USD } from '@tollwright/core';
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
  readonly position: TierPosition;
}

/** Where a call stands that nothing is counted for. */
export const PERIOD_START: TierPosition = new Map();

/** Where a granted call stands on the tiers of its plan: on what was used of each meter when it was granted. */
export function positionOf({ tariff, asked, nodes: asks }: Rated['call'], nodes: readonly GrantedNode[]): TierPosition {
  const { tierCounters } = tariff;
  if (tierCounters.length === 0) return PERIOD_START;
  const first = asks.length - (asked?.holds.length ?? 0) - tierCounters.length;
  return new Map(
    tierCounters.map(({ meter }, index) => {
      const ask = asks[first + index] as NodeAsk;
      return [meter, grantedOf(nodes, ask, first + index).spent];
    }),
  );
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
  const priced = seen.billable ? call.tariff.price(data, granted.position) : null;
  // An upstream may report any number; an event carries no more than a counter can hold.
  const ratedNanoUsd = priced === null ? ZERO_USD : minUsd(priced.rated.amountNanoUsd, NANO_USD_MAX);
  const chargedNanoUsd = minUsd(ratedNanoUsd, call.worst.priced.rated.amountNanoUsd);
  const lines = priced === null ? [] : ratedLines(priced.rated);
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
    ...(lines.length === 0 ? {} : { lines }),
  };
}

/** Whether what was read goes beyond what is held for the call, in money, in the units of a quota or in those of a policy. */
export function isOverHold({ call, position }: Rated, { fields }: Reading): boolean {
  const priced = call.tariff.price(asAsked(call, fields), position);
  if (priced.rated.amountNanoUsd > call.worst.priced.rated.amountNanoUsd) return true;
  return call.nodes.some(({ amount }, index) => (unitsOn(call, index, priced) ?? 0n) > amount);
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
  const charges: Charge[] = [];
  for (let index = 0; index < call.nodes.length; index++) {
    const ask = call.nodes[index] as NodeAsk;
    const used = unitsOn(call, index, priced) ?? chargedNanoUsd;
    const amount = atMost(used, ask.amount);
    if (amount === 0n) continue;
    charges.push({ node: ask.node, periodId: grantedOf(nodes, ask, index).periodId, amount });
  }
  return charges;
}

/** What of a priced call one of its nodes counts, the last of which are quotas, tiers and what policies hold; null is money. */
function unitsOn({ tariff, asked, nodes }: Rated['call'], index: number, priced: Priced): bigint | null {
  const { quotas, tierCounters } = tariff;
  const holds = asked?.holds ?? NO_HOLDS;
  const hold = index - (nodes.length - holds.length);
  if (hold >= 0) return holds[hold]?.charge?.(priced) ?? 0n;
  const tier = hold + tierCounters.length;
  const counter = tier >= 0 ? tierCounters[tier] : quotas[tier + quotas.length];
  return counter?.units(priced.quantities) ?? null;
}

function atMost(value: bigint, most: bigint): bigint {
  if (value > most) return most;
  return value;
}

function grantedOf(nodes: readonly GrantedNode[], { node }: NodeAsk, index: number): GrantedNode {
  const granted = nodes[index]?.node === node ? nodes[index] : nodes.find((one) => one.node === node);
  if (granted === undefined) throw new Error(`the node ${node} was asked for but not granted`);
  return granted;
}

/** Charges by node, as the store takes them. */
export function chargesByNode(charges: readonly Charge[]): Record<string, bigint> {
  const byNode: Record<string, bigint> = {};
  for (const { node, amount } of charges) byNode[node] = amount;
  return byNode;
}
