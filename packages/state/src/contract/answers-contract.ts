import { describe, expect, it } from 'vitest';
import type { BeginReply } from '../answer-store.ts';
import type { StatePort } from '../port.ts';
import { duringSuite, freshId, type OpenHarness, registerSpool } from './harness.ts';

const WINDOW_MS = 86_400_000;

/** One call under an idempotency key, whoever asks; a call that never ran gives its key back. */
export function answersContract(open: OpenHarness): void {
  describe('answers', () => {
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
      other = opened.connect();
    });

    const call = (spoolId = 'spl_live', requestHash = 'hash-1') => ({ callId: freshId('evt'), spoolId, requestHash });
    const stateOf = (reply: BeginReply) => (reply.kind === 'taken' ? reply.answer.state : reply.kind);

    it('ten at once: one is begun, nine see its call; the same call asking again is begun again', async () => {
      const key = freshId('key');
      const calls = Array.from({ length: 10 }, () => call());
      const replies = await Promise.all(
        calls.map((one, index) => (index % 2 ? state : other).answers.begin(key, one, WINDOW_MS)),
      );
      const winner = calls[replies.findIndex(({ kind }) => kind === 'begun')];
      expect(replies.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
      const answer = { callId: winner?.callId, requestHash: 'hash-1', state: 'running', note: null };
      for (const reply of replies) if (reply.kind === 'taken') expect(reply.answer).toEqual(answer);
      expect(winner && (await other.answers.begin(key, winner, WINDOW_MS))).toEqual({ kind: 'begun' });
    });

    it('an end is kept with its note until the window is over; a second end and another call`s change nothing', async () => {
      const key = freshId('key');
      const first = call();
      await state.answers.begin(key, first, WINDOW_MS);
      await state.answers.end(key, call().callId, { kind: 'freed' });
      await state.answers.end(key, first.callId, { kind: 'stored', note: 'a "sealed" answer' });
      await state.answers.end(key, first.callId, { kind: 'unstored', note: 'too late' });
      await state.answers.end(key, first.callId, { kind: 'freed' });
      expect(await other.answers.begin(key, call('spl_live', 'hash-2'), WINDOW_MS)).toEqual({
        kind: 'taken',
        answer: { callId: first.callId, requestHash: 'hash-1', state: 'stored', note: 'a "sealed" answer' },
      });
    });

    it('a freed key may be used again, also by another request; the end of the call before does not touch it', async () => {
      const key = freshId('key');
      const first = call();
      await state.answers.begin(key, first, WINDOW_MS);
      await state.answers.end(key, first.callId, { kind: 'freed' });
      expect(await other.answers.begin(key, call('spl_live', 'hash-2'), WINDOW_MS)).toEqual({ kind: 'begun' });
      await state.answers.end(key, first.callId, { kind: 'stored', note: 'of the call before' });
      expect(stateOf(await other.answers.begin(key, call(), WINDOW_MS))).toBe('running');
    });

    it('a window that is over forgets its call', async () => {
      const key = freshId('key');
      const first = call();
      await state.answers.begin(key, first, 30);
      await state.answers.end(key, first.callId, { kind: 'stored', note: 'old' });
      await expect.poll(async () => stateOf(await state.answers.begin(key, call(), WINDOW_MS))).toBe('begun');
    });

    it('a running call of a dead gateway stays until its spool is drained and closed, then was never forwarded', async () => {
      const key = freshId('key');
      const spoolId = await registerSpool(state);
      await state.answers.begin(key, call(spoolId), WINDOW_MS);
      await state.spools.takeOver(spoolId, await registerSpool(state));
      expect(stateOf(await other.answers.begin(key, call(), WINDOW_MS))).toBe('running');
      await state.spools.close(spoolId);
      const next = call();
      expect(await other.answers.begin(key, next, WINDOW_MS)).toEqual({ kind: 'begun' });
      expect(stateOf(await other.answers.begin(key, call(), WINDOW_MS))).toBe('running');
    });

    it('one that a successor ended before it closed the spool stays ended', async () => {
      const key = freshId('key');
      const spoolId = await registerSpool(state);
      const first = call(spoolId);
      await state.answers.begin(key, first, WINDOW_MS);
      await state.spools.takeOver(spoolId, await registerSpool(state));
      await other.answers.end(key, first.callId, { kind: 'unstored', note: 'interrupted' });
      await state.spools.close(spoolId);
      expect(stateOf(await other.answers.begin(key, call(), WINDOW_MS))).toBe('unstored');
    });

    it('a running call of a spool that an operator closed is lost: nobody knows whether it ran', async () => {
      const key = freshId('key');
      const spoolId = await registerSpool(state);
      await state.answers.begin(key, call(spoolId), WINDOW_MS);
      await state.spools.close(spoolId);
      expect(stateOf(await other.answers.begin(key, call(), WINDOW_MS))).toBe('lost');
    });
  });
}
