import type { Charge } from '@tollwright/contracts';
import { minUsd, nanoUsd, ZERO_USD } from '@tollwright/core';
import type { GrantedNode } from '@tollwright/state';
import type { Reading } from '../meter/meter.ts';
import type { EventTail } from '../spool/record.ts';
import type { Granted } from './reserve.ts';

/** What happened to a forwarded call, in the gateway's own words. */
export interface Seen {
  readonly reading: Reading;
  /** What the caller was answered; 499 when it hung up before a head. */
  readonly status: number;
  readonly upstreamStatus: number | null;
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
export function outcomeOf({ call, nodes }: Granted, seen: Seen): EventTail {
  const { worst, tariff, route } = call;
  const model = worst.data.model ?? seen.reading.fields.model;
  const data = {
    ...seen.reading.fields,
    ...(model === undefined ? {} : { model }),
    route: route.route.operationId,
    status: seen.status,
  };
  const common = {
    data,
    bytesOut: seen.bytesOut,
    durationMs: seen.durationMs,
    firstByteMs: seen.firstByteMs,
    estimated: seen.reading.estimated,
    decision: 'forwarded' as const,
    status: seen.status,
    upstreamStatus: seen.upstreamStatus,
  };
  if (!seen.billable) {
    return { ...common, ratedNanoUsd: ZERO_USD, chargedNanoUsd: ZERO_USD, shortfallNanoUsd: ZERO_USD, charges: [] };
  }
  const { quantities, rated } = tariff.price(data);
  const ratedNanoUsd = rated.amountNanoUsd;
  const held = worst.priced.rated.amountNanoUsd;
  const chargedNanoUsd = minUsd(ratedNanoUsd, held);
  const charges: Charge[] = [];
  for (const [index, ask] of call.nodes.entries()) {
    const periodId = nodes[index]?.node === ask.node ? nodes[index].periodId : periodOf(nodes, ask.node);
    const quota = ask.kind === 'quota' ? tariff.quotas[index - (call.nodes.length - tariff.quotas.length)] : undefined;
    const used = quota === undefined ? chargedNanoUsd : quota.units(quantities);
    const amount = atMost(used, ask.amount);
    if (amount > 0n) charges.push({ node: ask.node, periodId, amount });
  }
  return { ...common, ratedNanoUsd, chargedNanoUsd, shortfallNanoUsd: nanoUsd(ratedNanoUsd - chargedNanoUsd), charges };
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
