import type { ServerResponse } from 'node:http';
import { refuse } from '../pipeline/visit.ts';
import type { Members } from '../spool/record-json.ts';
import type { PaidCall } from './paid-call.ts';
import { type Answered, failureOf, record, tailOf, writeAnswer } from './paid-outcome.ts';
import { askUpstream, type Streamed, settleableMs } from './paid-upstream.ts';
import { unknownProblem } from './replies.ts';
import { answerFree, giveBack } from './settle-after.ts';
import { takeServed } from './settle-served.ts';

const UNREAD_MS_MAX = 2_000;

/**
 * The upstream answers, that the call is `served` is on disk and in the store, the caller gets the answer, and only then the
 * rail settles. A gateway that dies in between leaves a payment that the worker finds: what was signed is kept nowhere, so
 * nobody settles it in its place, and it ends as failed.
 */
export async function answerThenSettle(call: PaidCall, base: Members): Promise<void> {
  const collected = await askUpstream(call, settleableMs(call.payment), { kind: 'streams', headers: [] });
  if (collected.kind === 'streamed') await endThenSettle(call, base, collected);
  else if (collected.kind === 'answered' && failureOf(collected) === null) await writeThenSettle(call, base, collected);
  else await giveBack(call, base, collected);
}

async function writeThenSettle(call: PaidCall, base: Members, answer: Answered): Promise<void> {
  const { visit, ledger } = call;
  const used = tailOf(call, answer, answer.status, true);
  if (used.chargedNanoUsd === 0n) return answerFree(call, base, answer, used);
  if (!(await ledger.move('served'))) {
    await record(call, base, tailOf(call, answer, 503, false));
    return refuse(visit, unknownProblem(ledger.record.paymentId, null));
  }
  await writeAnswer(call, answer, used.chargedNanoUsd, [], true);
  await handedOver(visit.response);
  await record(call, base, (await takeServed(call, used)).tail);
}

/**
 * Resolves when the machine has the whole answer to send, whatever becomes of this process, or its caller has hung up. One who does not
 * read is not waited for: it would put its payment off until that has ended.
 */
function handedOver(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('finish', resolve).once('close', resolve);
    setTimeout(resolve, UNREAD_MS_MAX).unref();
  });
}

/** A stream that nobody is to pay for was broken off. */
async function endThenSettle(call: PaidCall, base: Members, { tail, end }: Streamed): Promise<void> {
  if (tail.chargedNanoUsd > 0n) await call.ledger.move('served');
  end();
  await record(call, base, (await takeServed(call, tail)).tail);
}
