import { createHash, randomBytes } from 'node:crypto';
import { makeKey, parseKey } from '@tollwright/core';
import { createKey, SYSTEM } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import { Expectations, type Scenario } from '../scenario.ts';
import { drive, type Gateway, type Scene } from '../scene.ts';
import type { Account } from '../tenant.ts';

const LIMIT_NANO_USD = 80_000_000n;
const KEY_NANO_USD = LIMIT_NANO_USD / 40n;
const KEYS = 1_000;
const LANES = 48;
const OUTPUT_TOKENS_MAX = 50;
const REFUSALS_AT_END = 200;
const CALLS_MAX = 10_000;
const USED_PERMILLE_MIN = 990n;
/** Of calls that hold, or a store that is late, nothing is lost: whoever comes again is served. */
const COMES_AGAIN: ReadonlySet<string> = new Set(['budget-held', 'state-unavailable']);

/** Nothing is set aside for a key or a process: an owner's budget can be used up through any of its keys, and never more. */
export const tree: Scenario = {
  name: 'tree',
  about: 'A thousand keys of one owner, each with a cap of its own, spend one budget over four gateways.',
  async run(scene) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const gateways = await Promise.all(['a', 'b', 'c', 'd'].map((name) => scene.gateway(name)));
    const account = await scene.account('tokens', LIMIT_NANO_USD);
    const keys = await makeKeys(scene, account);
    let calls = 0;
    let exhausted = 0;
    const done = new Promise<void>((resolve) => {
      const traffic = drive(LANES, async (turn) => {
        const key = keys[turn % keys.length] as string;
        const upstream = { 'completion-tokens': 1 + (turn % OUTPUT_TOKENS_MAX) };
        const gateway = gateways[turn % gateways.length] as Gateway;
        const answer = await scene.call(gateway, account, { key, upstream, maxTokens: OUTPUT_TOKENS_MAX });
        calls++;
        if (answer.slug === 'budget-exhausted') exhausted++;
        else if (answer.status !== 200 && !COMES_AGAIN.has(answer.slug ?? ''))
          expect(false, `a call got ${answer.status} ${answer.slug}`);
        if (exhausted >= REFUSALS_AT_END || calls > CALLS_MAX) void traffic.stop().then(resolve);
        return answer;
      });
    });
    await done;
    const raw = { keys: keys.length, exhausted, usedPermille: 0, keysCharged: 0, keysOverCap: 0 };
    return {
      attempts: calls,
      counted: [{ account }],
      raw,
      failures,
      async afterwards() {
        const charged = await queryOnce<{ charged: string }>(
          stage.database.url,
          'SELECT sum(charged_nano_usd) AS charged FROM usage_event WHERE customer_id = $1 GROUP BY key_id',
          [account.customerId],
        );
        const sums = charged.map((row) => BigInt(row.charged));
        const used = (sums.reduce((total, sum) => total + sum, 0n) * 1_000n) / LIMIT_NANO_USD;
        raw.usedPermille = Number(used);
        raw.keysCharged = sums.filter((sum) => sum > 0n).length;
        raw.keysOverCap = sums.filter((sum) => sum > KEY_NANO_USD).length;
        expect(used >= USED_PERMILLE_MIN, `only ${used} permille of the budget were used`);
        expect(raw.keysCharged === KEYS, `${raw.keysCharged} of ${KEYS} keys were charged`);
        expect(raw.keysOverCap === 0, `${raw.keysOverCap} keys were charged more than their own cap`);
      },
    };
  },
};

/**
 * The first and the last are made as people make them. Each of those publishes the customer with all its keys, so the others
 * are copies of the first one's rows, which the last publication takes along.
 */
async function makeKeys({ stage }: Scene, { customerId, agentId }: Account): Promise<string[]> {
  const target = { providerId: stage.tenant.providerId, customerId, agentId, name: 'one of many' };
  const budget = { limitNanoUsd: String(KEY_NANO_USD), period: 'month' as const };
  const make = () => createKey(stage.services, SYSTEM, { ...target, budget });
  const first = await make();
  const { prefix = '', livemode = true } = parseKey(first.key) ?? {};
  const copies = Array.from({ length: KEYS - 2 }, () => makeKey(prefix, livemode, randomBytes(64)));
  const hashes = copies.map((key) => createHash('sha256').update(key).digest('hex'));
  await queryOnce(
    stage.database.url,
    `WITH copied AS (SELECT hash, $1 || n AS key_id, $2 || n AS budget_id FROM unnest($3::text[]) WITH ORDINALITY AS u (hash, n)),
     keys AS (INSERT INTO api_key SELECT filled.* FROM copied CROSS JOIN api_key AS k CROSS JOIN LATERAL
       jsonb_populate_record(k, jsonb_build_object('id', copied.key_id, 'hash', copied.hash)) AS filled WHERE k.id = $1)
     INSERT INTO budget SELECT filled.* FROM copied CROSS JOIN budget AS b CROSS JOIN LATERAL
       jsonb_populate_record(b, jsonb_build_object('id', copied.budget_id, 'subject_id', copied.key_id)) AS filled WHERE b.id = $2`,
    [first.id, first.budget.id, hashes],
  );
  return [first.key, ...copies, (await make()).key];
}
