import { type UsageEvent, usageEvent } from '@tollwright/contracts';
import type { AnswerEnd } from '@tollwright/state';
import { describe, expect, it } from 'vitest';
import { endAnswers } from './end-answers.ts';

function event(over: Record<string, unknown>): UsageEvent {
  return usageEvent.parse({
    ...{ schemaVersion: 1, type: 'request', eventId: 'spl_a-1', requestId: 'req_a-1', livemode: true },
    ...{ occurredAt: '2026-11-26T12:00:00.000Z', providerId: 'prv_1', customerId: 'cus_1', agentId: 'agt_1' },
    ...{ parentAgentId: null, projectId: null, sessionId: null, keyId: 'key_1', payer: null, apiId: 'api_1' },
    ...{ routeId: 'rte_1', snapshotVersion: 1, planVersionId: 'plv_1', data: {}, bytesIn: 0, bytesOut: 0 },
    ...{ durationMs: 1, firstByteMs: null, estimated: false, ratedNanoUsd: '0', chargedNanoUsd: '0' },
    ...{ shortfallNanoUsd: '0', costNanoUsd: null, charges: [], rail: 'plan', paymentId: null, gateway: 'one' },
    ...{ decision: 'forwarded', status: 200, upstreamStatus: 200, ...over },
  });
}

async function endOf(over: Record<string, unknown>, answerKeys = new Map([['spl_a-1', 'api:key:hash']])) {
  const ended: (readonly [string, string, AnswerEnd])[] = [];
  const answers = {
    begin: () => Promise.reject(new Error('a successor begins nothing')),
    end: async (answerKey: string, callId: string, end: AnswerEnd) => void ended.push([answerKey, callId, end]),
  };
  await endAnswers(answers, answerKeys, [{ sequence: 1, item: { kind: 'usage', event: event(over) } }]);
  return ended;
}

describe('what a successor says of idempotent calls', () => {
  const charged = { chargedNanoUsd: '40', ratedNanoUsd: '40' };
  const unstored = (chargedNanoUsd: string) => ({
    kind: 'unstored',
    note: JSON.stringify({ requestId: 'req_a-1', reason: 'interrupted', chargedNanoUsd }),
  });

  it.each([
    ['an outcome that was charged', charged, unstored('40')],
    ['an outcome for nothing that succeeded', {}, unstored('0')],
    ['an interrupted call that was charged', { ...charged, decision: 'interrupted', status: 0 }, unstored('40')],
    [
      'an interrupted call that was not: the upstream may have done it',
      { decision: 'interrupted', status: 0 },
      unstored('0'),
    ],
    ['an upstream that failed', { status: 502, upstreamStatus: null }, { kind: 'freed' }],
    ['a caller that left before anything came', { status: 499, upstreamStatus: null }, { kind: 'freed' }],
    ['an answer that asks to come again', { status: 429, upstreamStatus: 429 }, { kind: 'freed' }],
    ['an answer that says what is wrong', { status: 404, upstreamStatus: 404 }, unstored('0')],
  ])('%s', async (_what, over, end) => {
    expect(await endOf(over)).toEqual([['api:key:hash', 'spl_a-1', end]]);
  });

  it('a call without a key is nobody`s', async () => {
    expect(await endOf(charged, new Map())).toEqual([]);
    expect(await endOf(charged, new Map([['spl_a-2', 'api:key:hash']]))).toEqual([]);
  });
});
