import { expect, test } from '@playwright/test';
import { bearer, chat, firstRefusal, type Gateway, problemOf, quote } from './agent-calls.ts';
import { keyChecksum } from './key-checksum.ts';
import { done, openManagement } from './management.ts';
import { makeSubscriber, type Subscriber } from './subscriber.ts';

const FORCE_MS_MAX = 1_000;
const GATEWAYS: readonly Gateway[] = [0, 1];

async function revoke({ customerId, keyId }: Subscriber): Promise<void> {
  const path = { keyId };
  await done(openManagement().DELETE('/keys/{keyId}', { params: { path, query: { customerId } } }));
}

test('a revoked key is 401 at every gateway process within one second, also where it was warm and free', async () => {
  // A plan without prices and limits: nothing but the key itself stops a call.
  const subscriber = await makeSubscriber(openManagement(), { terms: { rateCards: [] } });
  for (const gateway of GATEWAYS) {
    for (let call = 0; call < 3; call++) expect((await quote(bearer(subscriber.key), gateway)).status).toBe(200);
  }
  const startedAtMs = performance.now();
  await revoke(subscriber);
  const answeredAtMs = performance.now();
  const refusals = await Promise.all(
    GATEWAYS.map((gateway) => firstRefusal(() => quote(bearer(subscriber.key), gateway))),
  );
  const afterMs = refusals.map(({ atMs }) => Math.round(atMs - startedAtMs));
  test.info().annotations.push({
    type: 'ms from revocation to 401',
    description: `${afterMs.join(' ')}; the revocation itself was answered after ${Math.round(answeredAtMs - startedAtMs)}; calls served meanwhile ${refusals.map(({ served }) => served).join(' ')}`,
  });
  for (const ms of afterMs) expect(ms).toBeLessThan(FORCE_MS_MAX);
  for (const gateway of GATEWAYS) expect((await quote(bearer(subscriber.key), gateway)).status).toBe(401);
});

test('on a priced plan the very next call is refused', async () => {
  const subscriber = await makeSubscriber(openManagement());
  for (const gateway of GATEWAYS) expect((await chat(bearer(subscriber.key), {}, gateway)).status).toBe(200);
  await revoke(subscriber);
  const next = await Promise.all(GATEWAYS.map((gateway) => chat(bearer(subscriber.key), {}, gateway)));
  expect(next.map(({ status }) => status)).toEqual([401, 401]);
});

test('the answer is the same for a revoked, an unknown, a mistyped and an expired key', async () => {
  const management = openManagement();
  const revoked = await makeSubscriber(management);
  await revoke(revoked);
  const other = await makeSubscriber(management);
  const { customerId, agentId } = other;
  const expiresAt = new Date(Date.now() + 12_000).toISOString();
  const expiring = await done(management.POST('/keys', { body: { customerId, agentId, name: 'short', expiresAt } }));
  await new Promise((wake) => setTimeout(wake, Date.parse(expiresAt) + 100 - Date.now()));
  const mistyped = `${other.key.slice(0, -1)}${other.key.endsWith('a') ? 'b' : 'a'}`;
  const head = other.key.slice(0, -6).replace(/..$/, 'Zz');
  const unknown = `${head}${keyChecksum(head)}`;
  const answers: Record<string, unknown>[] = [];
  for (const key of [revoked.key, expiring.key, mistyped, unknown, 'nonsense']) {
    const response = await quote(bearer(key));
    const { requestId, ...document } = await problemOf(response);
    expect(requestId).toMatch(/^req_/);
    const { date: _date, 'x-request-id': _id, ...headers } = Object.fromEntries(response.headers);
    const length = Number(headers['content-length']) - String(requestId).length;
    answers.push({ status: response.status, document, headers: { ...headers, 'content-length': length } });
  }
  expect(answers[0]).toMatchObject({ status: 401, document: { slug: 'invalid-key' } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});
