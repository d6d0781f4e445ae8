import { REQUEST_EVENT_TYPE, ratedLines, type UsageEvent } from '@tollwright/contracts';
import { measure, nanoUsd, periodAt, type Rated, rate, ZERO_USD } from '@tollwright/core';
import type { Caller } from './agents.ts';
import { CHAT, METERS } from './demo.ts';
import { createDice, type Dice } from './dice.ts';

const HOUR_MS = 3_600_000;
const DAYS = 7;

/** What history is made of. The same input gives the same events. */
export interface HistoryInput {
  readonly callers: readonly Caller[];
  readonly apiId: string;
  /** Route ids by operation id. */
  readonly routeIds: ReadonlyMap<string, string>;
  readonly endsAtMs: number;
  /** Ids of events begin with it. */
  readonly spoolId: string;
}

/** A week of plan calls, oldest first: busy by day and on working days, quiet at night and on weekends. */
export function weekOfCalls(input: HistoryInput): UsageEvent[] {
  const dice = createDice(20_261_124);
  const draft: { atMs: number; caller: Caller }[] = [];
  for (const [customer, callers] of byCustomer(input.callers)) {
    for (let call = 0; call < customer.calls; call += 1) {
      const caller = dice.pick(callers, (one) => one.agent.weight);
      draft.push({ atMs: momentOf(dice, input.endsAtMs), caller });
    }
  }
  draft.sort((a, b) => a.atMs - b.atMs || (a.caller.keyId < b.caller.keyId ? -1 : 1));
  const tokensLeft = new Map(input.callers.map(({ customerId, customer }) => [customerId, customer.tokensMax]));
  const events: UsageEvent[] = [];
  for (const { atMs, caller } of draft) {
    const event = eventOf(input, dice, caller, atMs, events.length + 1);
    const left = (tokensLeft.get(caller.customerId) ?? 0) - tokensOf(event);
    if (left < 0) continue;
    tokensLeft.set(caller.customerId, left);
    events.push(event);
  }
  return events;
}

/** Tokens that an event counts against its plan's quota. */
export function tokensOf({ data, ratedNanoUsd, status }: UsageEvent): number {
  if (status >= 400 && ratedNanoUsd === ZERO_USD) return 0;
  return Number(data.input_tokens ?? 0) + Number(data.output_tokens ?? 0);
}

function byCustomer(callers: readonly Caller[]): Map<Caller['customer'], Caller[]> {
  const groups = new Map<Caller['customer'], Caller[]>();
  for (const caller of callers) groups.set(caller.customer, [...(groups.get(caller.customer) ?? []), caller]);
  return groups;
}

function momentOf(dice: Dice, endsAtMs: number): number {
  for (;;) {
    const atMs = endsAtMs - Math.floor(dice.next() * DAYS * 24 * HOUR_MS);
    const at = new Date(atMs);
    const hour = at.getUTCHours() + at.getUTCMinutes() / 60;
    const byDay = 0.12 + 0.88 * Math.exp(-((hour - 14) ** 2) / 32);
    const weekend = at.getUTCDay() % 6 === 0 ? 0.4 : 1;
    if (dice.next() < byDay * weekend) return atMs;
  }
}

const OPERATIONS = [
  { operationId: CHAT, weight: 88 },
  { operationId: 'getWeather', weight: 5 },
  { operationId: 'getQuote', weight: 5 },
  { operationId: 'listModels', weight: 2 },
];
const MODELS = [
  { model: 'toll-small', weight: 60 },
  { model: 'toll-large', weight: 32 },
  { model: 'gpt-4o-mini', weight: 8 },
];

function eventOf(input: HistoryInput, dice: Dice, caller: Caller, atMs: number, number: number): UsageEvent {
  const { operationId } = dice.pick(OPERATIONS, (one) => one.weight);
  const failed = dice.next() < 0.014;
  const status = failed ? dice.pick([500, 502, 504]) : 200;
  const isChat = operationId === CHAT;
  const data = isChat && !failed ? chatData(dice, caller, operationId, status) : { route: operationId, status };
  const priced = failed ? null : priceOf(caller, data);
  const rated = priced?.amountNanoUsd ?? ZERO_USD;
  const lines = priced === null ? [] : ratedLines(priced);
  const bytesOut = Math.round(isChat ? dice.skewed(1_900, 0.5) : dice.skewed(180, 0.2));
  const eventId = `${input.spoolId}-${String(number).padStart(6, '0')}`;
  const event: UsageEvent = {
    schemaVersion: 1,
    eventId,
    requestId: `req_${eventId}`,
    type: REQUEST_EVENT_TYPE,
    livemode: true,
    providerId: caller.providerId,
    customerId: caller.customerId,
    agentId: caller.agentId,
    parentAgentId: null,
    projectId: caller.projectId,
    sessionId: null,
    keyId: caller.keyId,
    payer: null,
    apiId: input.apiId,
    routeId: input.routeIds.get(operationId) ?? operationId,
    snapshotVersion: 1,
    planVersionId: caller.plan.planVersionId,
    data,
    bytesIn: isChat ? Number(data.input_tokens ?? 300) * 4 : 0,
    bytesOut,
    durationMs: Math.round(isChat ? dice.skewed(1_400, 0.45) : dice.skewed(60, 0.3)),
    firstByteMs: Math.round(isChat ? dice.skewed(260, 0.3) : dice.skewed(45, 0.2)),
    estimated: false,
    ratedNanoUsd: rated,
    chargedNanoUsd: rated,
    shortfallNanoUsd: ZERO_USD,
    costNanoUsd: null,
    charges: [],
    ...(lines.length === 0 ? {} : { lines }),
    rail: 'plan',
    paymentId: null,
    decision: 'forwarded',
    status,
    upstreamStatus: status === 504 ? null : status,
    gateway: 'demo-history',
    occurredAt: new Date(atMs).toISOString(),
  };
  return { ...event, charges: chargesOf(caller, event, atMs) };
}

function chatData(dice: Dice, { customer }: Caller, route: string, status: number): UsageEvent['data'] {
  const { model } = dice.pick(MODELS, (one) => one.weight);
  const input = Math.max(8, Math.round(dice.skewed(customer.promptTokens, 0.6)));
  const output = Math.max(4, Math.round(dice.skewed(customer.promptTokens / 4, 0.7)));
  return { model, input_tokens: input, output_tokens: output, total_tokens: input + output, route, status };
}

function priceOf({ plan }: Caller, data: UsageEvent['data']): Rated {
  return rate(plan.terms.rateCards, measure(METERS, REQUEST_EVENT_TYPE, data));
}

function chargesOf({ nodes }: Caller, event: UsageEvent, atMs: number): UsageEvent['charges'] {
  const periodId = periodAt('month', atMs).id;
  return nodes.flatMap(({ node, counts }) => {
    const amount = counts === 'money' ? event.chargedNanoUsd : nanoUsd(BigInt(tokensOf(event)));
    return amount === ZERO_USD ? [] : [{ node, periodId, amount }];
  });
}
