import { type CallTrace, type PolicyTrace, toJson } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import {
  callTraceOf,
  createWorld,
  openServicesHarness,
  policyTraceOf,
  type ServicesHarness,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import { signUpCustomer } from '../customer/sign-up.ts';
import { createToken } from '../token/create.ts';
import { resolveToken } from '../token/resolve.ts';
import { getTrace } from './get-trace.ts';
import { ingestTraces } from './ingest-traces.ts';
import { listTraces, type listTracesInput } from './list-traces.ts';
import { purgeTraces } from './purge-traces.ts';

const AT = Date.parse('2026-11-20T10:00:00.000Z');
const DAY_MS = 86_400_000;

let harness: ServicesHarness;
let acme: World;
let other: World;

beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  await arrive(...tracesOfAcme());
});
afterAll(() => harness.close());

/** Sends traces as a gateway does, and has the worker take them in. */
async function arrive(...traces: CallTrace[]): Promise<Awaited<ReturnType<typeof ingestTraces>>> {
  await harness.gatewayState.traces.append(traces.map((trace) => toJson(trace)));
  return ingestTraces(harness.workerCtx);
}

const subject = ({ target, agentId, keyId, apiId, routeId }: World) => ({ ...target, agentId, keyId, apiId, routeId });
const at = (seconds: number) => new Date(AT + seconds * 1_000).toISOString();

function tracesOfAcme(): CallTrace[] {
  const own = subject(acme);
  const nobody = { ...own, customerId: null, agentId: null, keyId: null };
  const shadow = policyTraceOf({ policy: 'rate-limit:trial', decision: 'would-refuse', shadow: true });
  const passed = policyTraceOf({ decision: 'allowed', problem: null, after: '1', before: '0' });
  const granted = { outcome: 'granted', status: 200, problem: null, chargedNanoUsd: '240000' } as const;
  const budget: Partial<PolicyTrace> = {
    ...{ policy: `budget:${acme.budgetId}`, type: 'budget', problem: 'budget-exhausted', unit: 'nano-usd' },
    ...{ limit: '5000000000', before: '4999999999', after: '4999999999', level: 'account' },
  };
  return [
    callTraceOf(own, { eventId: 'spl_a-1', occurredAt: at(1) }),
    callTraceOf(own, { ...granted, eventId: 'spl_a-2', occurredAt: at(2), policies: [passed, shadow] }),
    callTraceOf(own, { ...granted, eventId: 'spl_a-3', occurredAt: at(3), policies: [passed], livemode: false }),
    callTraceOf(nobody, { eventId: 'spl_a-4', occurredAt: at(4), status: 401, problem: 'invalid-key', policies: [] }),
    callTraceOf(own, {
      ...{ eventId: 'spl_a-5', occurredAt: at(5), problem: 'budget-exhausted', policies: [policyTraceOf(budget)] },
    }),
  ];
}

type Filter = Omit<z.input<typeof listTracesInput>, 'providerId'>;

async function idsOf(filter: Filter = {}, actor: Actor = acme.owner, world: World = acme): Promise<string[]> {
  const input = { providerId: world.providerId, to: at(60), ...filter };
  return (await listTraces(harness.ctx, actor, input)).items.map(({ id }) => id);
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'allowed';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.slug;
    throw error;
  }
}

describe('the list of traces', () => {
  it('is newest first, with the names that people know things by', async () => {
    expect(await idsOf()).toEqual(['spl_a-5', 'spl_a-4', 'spl_a-2', 'spl_a-1']);
    const { items } = await listTraces(harness.ctx, acme.viewer, { providerId: acme.providerId, to: at(2) });
    expect(items).toMatchObject([
      {
        ...{ id: 'spl_a-1', customerName: 'Agents Inc', agentName: 'agent-alpha', keyName: 'first', status: 429 },
        ...{
          routeName: 'POST /v1/chat/completions',
          refusedBy: 'rate-limit:burst',
          wouldRefuse: [],
          outcome: 'refused',
        },
      },
    ]);
  });

  it.each<[string, () => Filter, string[]]>([
    ['what was refused', () => ({ decision: 'refused' }), ['5', '4', '1']],
    ['what a shadowed policy would have refused', () => ({ decision: 'would-refuse' }), ['2']],
    ['what was let through', () => ({ decision: 'allowed' }), ['2']],
    ['a policy by its name', () => ({ policy: 'rate-limit:burst' }), ['2', '1']],
    ['a policy by its type', () => ({ policy: 'rate-limit' }), ['2', '1']],
    ['what one policy refused', () => ({ policy: 'rate-limit:burst', decision: 'refused' }), ['1']],
    ['what one policy would have refused', () => ({ policy: 'rate-limit:trial', decision: 'would-refuse' }), ['2']],
    ['what one policy let through', () => ({ policy: 'rate-limit:burst', decision: 'allowed' }), ['2']],
    ['a status', () => ({ status: 401 }), ['4']],
    ['a problem', () => ({ problem: 'budget-exhausted' }), ['5']],
    ['a customer', () => ({ customerId: acme.customerId }), ['5', '2', '1']],
    ['an agent', () => ({ agentId: acme.agentId }), ['5', '2', '1']],
    ['a key', () => ({ keyId: acme.keyId }), ['5', '2', '1']],
    ['a route', () => ({ routeId: acme.routeId }), ['5', '4', '2', '1']],
    ['another API', () => ({ apiId: other.apiId }), []],
    ['a request', () => ({ requestId: 'req_spl_a-2' }), ['2']],
    ['a time', () => ({ from: at(2), to: at(5) }), ['4', '2']],
    ['test calls', () => ({ livemode: false }), ['3']],
  ])('filters by %s', async (_what, filter, expected) => {
    expect(await idsOf(filter())).toEqual(expected.map((id) => `spl_a-${id}`));
  });

  it('pages by a cursor without losing or repeating a call', async () => {
    const input = { providerId: acme.providerId, to: at(60), limit: 3 };
    const first = await listTraces(harness.ctx, acme.owner, input);
    const second = await listTraces(harness.ctx, acme.owner, { ...input, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(await idsOf());
    expect(second.nextCursor).toBeNull();
    expect(await refusalOf(idsOf({ cursor: 'nonsense' }))).toBe('invalid-input');
  });

  it('shows a customer its own calls, and never those of a key that nobody knows; another provider nothing', async () => {
    const ownOnly = ['spl_a-5', 'spl_a-2', 'spl_a-1'];
    expect(await idsOf({ customerId: acme.customerId }, acme.customerViewer)).toEqual(ownOnly);
    expect(await refusalOf(idsOf({}, acme.customerOwner))).toBe('not-found');
    expect(await refusalOf(idsOf({}, other.owner))).toBe('not-found');
    expect(await refusalOf(idsOf({ customerId: other.customerId }))).toBe('not-found');
    expect(await idsOf({}, other.owner, other)).toEqual([]);
    const sibling = await harness.person('sibling@acme.example');
    const { id } = await signUpCustomer(harness.ctx, sibling, { providerSlug: 'acme', name: 'Sibling' });
    expect(await idsOf({ customerId: id }, sibling)).toEqual([]);
    const target = { providerId: acme.providerId, customerId: id };
    expect(await refusalOf(getTrace(harness.ctx, sibling, { ...target, traceId: 'spl_a-1' }))).toBe('not-found');
    const made = await createToken(harness.ctx, sibling, { ...target, name: 't', scopes: ['read'] });
    const token = await resolveToken(harness.ctx, made.token);
    if (token === null) throw new Error('the token is not known');
    expect(await refusalOf(idsOf({ customerId: acme.customerId }, token))).toBe('not-found');
  });
});

describe('one trace', () => {
  const explain = (traceId: string, actor: Actor = acme.owner) =>
    getTrace(harness.ctx, actor, { providerId: acme.providerId, traceId });

  it('tells what each policy decided and how the price was worked out', async () => {
    expect(await explain('spl_a-1')).toMatchObject({
      ...{ id: 'spl_a-1', problem: 'rate-limited', clientIp: null, isForwarded: false, used: null },
      policies: [
        { policy: 'api-key', decision: 'allowed', about: null },
        { policy: 'rate-limit:burst', decision: 'refused', limit: '100', before: '100', unit: 'calls', about: null },
      ],
      worstCase: { exactNanoUsd: '240000', amountNanoUsd: '240000', lines: [{ quantity: '80' }, { quantity: '64' }] },
    });
  });

  it('says whose budget refused, and whether the call was forwarded', async () => {
    const { policies } = await explain('spl_a-5', acme.viewer);
    expect(policies.map(({ about, unit }) => [about, unit])).toEqual([['agent agent-alpha', 'nano-usd']]);
    expect((await explain(acme.eventId)).isForwarded).toBe(true);
  });

  it('of another provider, or of nobody, is not found', async () => {
    expect(await refusalOf(explain(other.eventId))).toBe('not-found');
    expect(await refusalOf(explain('spl_none-1'))).toBe('not-found');
    const asCustomer = { ...acme.target, traceId: 'spl_a-4' };
    expect(await refusalOf(getTrace(harness.ctx, acme.customerOwner, asCustomer))).toBe('not-found');
  });
});

describe('traces that arrive', () => {
  it('twice are stored once, and are gone from the state store', async () => {
    const trace = callTraceOf(subject(acme), { eventId: 'spl_twice-1', occurredAt: at(-10) });
    expect(await arrive(trace, trace)).toEqual({ stored: 2, lost: 0, more: false });
    expect(await arrive(trace)).toEqual({ stored: 1, lost: 0, more: false });
    expect(await idsOf({ requestId: trace.requestId })).toEqual(['spl_twice-1']);
    expect(await harness.workerCtx.state.traces.read(10)).toEqual([]);
  });

  it('and cannot be kept are left out, and keep no other from its place', async () => {
    const odd = { agentId: 'odd\u0000\ud800id', requestId: 'req_odd' };
    const good = callTraceOf(subject(acme), { eventId: 'spl_odd-1', occurredAt: at(-9), ...odd });
    const stray = callTraceOf({ ...subject(acme), providerId: 'prv_nobody' });
    await harness.gatewayState.traces.append(['{"schemaVersion":9}']);
    expect(await arrive(stray, good)).toEqual({ stored: 1, lost: 2, more: false });
    expect(await idsOf({ requestId: 'req_odd' })).toEqual(['spl_odd-1']);
  });

  it('of several providers each belong to their own', async () => {
    const mine = callTraceOf(subject(acme), { requestId: 'req_both', occurredAt: at(-8) });
    const theirs = callTraceOf(subject(other), { requestId: 'req_both', occurredAt: at(-8) });
    await arrive(theirs, mine);
    expect(await idsOf({ requestId: 'req_both' })).toEqual([mine.eventId]);
    expect(await idsOf({ requestId: 'req_both' }, other.owner, other)).toEqual([theirs.eventId]);
  });
});

describe('purging traces', () => {
  it('forgets what is older than the retention of its provider, 30 days at most, and the oldest beyond the most', async () => {
    const now = harness.workerCtx.clock();
    const aged = (days: number) => new Date(now - days * DAY_MS).toISOString();
    await harness.owner.provider.update({ where: { id: other.providerId }, data: { retentionDays: 3 } });
    const made = [
      ...[29, 31].map((days) => callTraceOf(subject(acme), { requestId: 'req_age', occurredAt: aged(days) })),
      ...[2, 4].map((days) => callTraceOf(subject(other), { requestId: 'req_age', occurredAt: aged(days) })),
    ];
    await arrive(...made);
    await purgeTraces(harness.workerCtx);
    const left = (world: World) => idsOf({ requestId: 'req_age', to: aged(0) }, world.owner, world);
    expect(await left(acme)).toEqual([made[0]?.eventId]);
    expect(await left(other)).toEqual([made[2]?.eventId]);
    const before = await idsOf({ to: aged(-1) });
    expect(before.length).toBeGreaterThan(4);
    await purgeTraces(harness.workerCtx, 2);
    expect(await idsOf({ to: aged(-1) })).toEqual(before.slice(0, 2));
    expect(await purgeTraces(harness.workerCtx, 2)).toEqual({ purged: 0 });
  });
});
