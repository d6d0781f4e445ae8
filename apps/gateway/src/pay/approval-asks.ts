import type { ApprovalAsk, Principal } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { approvalAskItemJson } from '../spool/record-json.ts';
import type { Spool } from '../spool/spool.ts';

const AGAIN_MS = 60_000;
const REMEMBERED_MAX = 10_000;

/** Tells owners, through the spool, what their agents want to pay: the same once a minute, however often it is tried. */
export class ApprovalAsks {
  readonly #spool: Spool;
  readonly #onError: (error: unknown) => void;
  #askedAtMs = new Map<string, number>();

  constructor(spool: Spool, onError: (error: unknown) => void) {
    this.#spool = spool;
    this.#onError = onError;
  }

  /** An agent was refused for want of an approval. */
  ask(
    { snapshot }: CompiledApi,
    { route }: CompiledRoute,
    { key, customer }: Principal,
    priceNanoUsd: NanoUsd,
    nowMs: number,
  ): void {
    const name = `${key.agentId} ${route.id} ${snapshot.livemode} ${priceNanoUsd}`;
    if (nowMs - (this.#askedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    if (this.#askedAtMs.size >= REMEMBERED_MAX) this.#askedAtMs = new Map();
    this.#askedAtMs.set(name, nowMs);
    const { providerId, apiId, livemode } = snapshot;
    const ask: ApprovalAsk = {
      ...{ schemaVersion: 1, providerId, customerId: customer.customerId, agentId: key.agentId, keyId: key.keyId },
      ...{ apiId, routeId: route.id, livemode, priceNanoUsd, occurredAt: new Date(nowMs).toISOString() },
    };
    this.#spool.record(approvalAskItemJson(ask), false, (error) => (error ? this.#onError(error) : undefined));
  }
}
