import assert from 'node:assert/strict';
import { tally } from '../agent-calls.ts';
import { readLocal } from '../local.ts';
import { upstreamStats } from '../upstream.ts';
import type { Statuses } from './scenario.ts';

/** What the calls of one scenario were answered. */
export interface Answers {
  /** Notes an answer, and asserts what holds for every one: a 429 says when to come back. */
  note(answer: Response): Response;
  statuses(): Statuses;
  /** How many calls with the ids of these answers stand in the upstream's own log. */
  upstreamCalls(): Promise<number>;
}

export function createAnswers(): Answers {
  const noted: { readonly status: number; readonly requestId: string }[] = [];
  return {
    note(answer) {
      const requestId = answer.headers.get('x-request-id');
      assert.ok(requestId, `an answer ${answer.status} names no request`);
      if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0, 'a 429 without Retry-After');
      noted.push({ status: answer.status, requestId });
      return answer;
    },
    statuses: () => tally(noted),
    async upstreamCalls() {
      const { byRequestId } = await upstreamStats();
      return noted.reduce((sum, { requestId }) => sum + (byRequestId[requestId]?.calls ?? 0), 0);
    },
  };
}

/** The address of an API at one of the two gateway processes. */
export function atGateway(baseUrl: string, gateway: 0 | 1): string {
  const { gatewayUrl, gatewayUrls } = readLocal();
  return baseUrl.replace(gatewayUrl, gatewayUrls[gateway]);
}
