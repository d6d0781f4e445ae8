import { openServicesHarness, PASSWORD, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import { createProvider } from '../provider/create.ts';
import { listOrganizations } from './list-organizations.ts';
import { requestReset } from './request-reset.ts';
import { resetPassword } from './reset-password.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';
import { getUser } from './user.ts';
import { verifyEmail } from './verify-email.ts';

let harness: ServicesHarness;
beforeAll(async () => {
  harness = await openServicesHarness();
});
afterAll(() => harness.close());

const used = { problem: { slug: 'bad-request' } };

describe('sign-up', () => {
  it('mails a link; the account works after it was opened, and only once', async () => {
    const { ctx } = harness;
    const email = 'ada@people.example';
    const answer = await signUp(ctx, {
      email: 'Ada@People.example',
      password: PASSWORD,
      name: 'Ada',
      returnTo: '/p/acme',
    });
    expect(answer).toEqual({ status: 'verification-sent' });
    expect(await signIn(ctx, { email, password: PASSWORD })).toEqual({ kind: 'unverified' });
    const token = harness.tokenMailedTo(email);
    expect(await verifyEmail(ctx, { token })).toMatchObject({ email, returnTo: '/p/acme' });
    await expect(verifyEmail(ctx, { token })).rejects.toMatchObject(used);
    expect(await signIn(ctx, { email, password: PASSWORD })).toMatchObject({ kind: 'signed-in', user: { email } });
  });

  it('answers the same for an address that has an account, and leaves that account alone', async () => {
    const { ctx } = harness;
    const answer = await signUp(ctx, { email: 'ada@people.example', password: 'another password', name: 'Eve' });
    expect(answer).toEqual({ status: 'verification-sent' });
    expect(harness.mails.at(-1)?.subject).toBe('You have an account already');
    expect(await signIn(ctx, { email: 'ada@people.example', password: 'another password' })).toEqual({
      kind: 'rejected',
    });
  });

  it('ends an older link when the address signs up again before it was confirmed', async () => {
    const email = 'twice@people.example';
    await signUp(harness.ctx, { email, password: 'the first password', name: 'T' });
    const first = harness.tokenMailedTo(email);
    await signUp(harness.ctx, { email, password: PASSWORD, name: 'T' });
    await expect(verifyEmail(harness.ctx, { token: first })).rejects.toMatchObject(used);
    await verifyEmail(harness.ctx, { token: harness.tokenMailedTo(email) });
    expect(await signIn(harness.ctx, { email, password: PASSWORD })).toMatchObject({ kind: 'signed-in' });
  });

  it('refuses short passwords and addresses of other sites to return to, listing every error', async () => {
    const input = { email: 'nobody', password: 'short', name: '', returnTo: '//evil.example' };
    const errors = [
      expect.objectContaining({ path: 'email' }),
      expect.objectContaining({ path: 'password' }),
      expect.objectContaining({ path: 'name' }),
      expect.objectContaining({ path: 'returnTo' }),
    ];
    await expect(signUp(harness.ctx, input)).rejects.toMatchObject({
      problem: { slug: 'invalid-input', members: { errors } },
    });
  });

  it('is closed or needs an invitation where the operator says so', async () => {
    const input = { email: 'late@people.example', password: PASSWORD, name: 'L' };
    for (const signup of ['closed', 'invite'] as const) {
      await expect(signUp({ ...harness.ctx, signup }, input)).rejects.toMatchObject({ problem: { slug: 'forbidden' } });
    }
  });
});

describe('sign-in', () => {
  it('rejects an unknown address as it rejects a wrong password', async () => {
    expect(await signIn(harness.ctx, { email: 'who@people.example', password: PASSWORD })).toEqual({
      kind: 'rejected',
    });
    expect(await signIn(harness.ctx, { email: 'ada@people.example', password: 'wrong' })).toEqual({ kind: 'rejected' });
  });

  it('is throttled after ten attempts on one address, the right password included', async () => {
    const email = 'target@people.example';
    await harness.person(email);
    harness.advance(900_000);
    for (let attempt = 0; attempt < 10; attempt += 1) await signIn(harness.ctx, { email, password: 'guess' });
    expect(await signIn(harness.ctx, { email, password: PASSWORD })).toMatchObject({ kind: 'throttled' });
    harness.advance(900_000);
    expect(await signIn(harness.ctx, { email, password: PASSWORD })).toMatchObject({ kind: 'signed-in' });
  });
});

describe('password reset', () => {
  it('sets a new password once and ends sessions that were issued before', async () => {
    const { ctx } = harness;
    const email = 'forgot@people.example';
    const { userId } = await harness.person(email);
    const before = await getUser(ctx, userId);
    await requestReset(ctx, { email });
    const token = harness.tokenMailedTo(email);
    await resetPassword(ctx, { token, password: 'a brand new password' });
    expect(await signIn(ctx, { email, password: PASSWORD })).toEqual({ kind: 'rejected' });
    expect(await signIn(ctx, { email, password: 'a brand new password' })).toMatchObject({ kind: 'signed-in' });
    expect((await getUser(ctx, userId))?.sessionsFromMs).toBeGreaterThan(before?.sessionsFromMs ?? Number.NaN);
    await expect(resetPassword(ctx, { token, password: PASSWORD })).rejects.toMatchObject(used);
  });

  it('mails nothing to an address without an account, and answers the same', async () => {
    const count = harness.mails.length;
    expect(await requestReset(harness.ctx, { email: 'none@people.example' })).toEqual({ status: 'sent' });
    expect(harness.mails).toHaveLength(count);
  });

  it('ends its link after an hour', async () => {
    const email = 'slow@people.example';
    await harness.person(email);
    await requestReset(harness.ctx, { email });
    harness.advance(3_600_001);
    const attempt = resetPassword(harness.ctx, { token: harness.tokenMailedTo(email), password: PASSWORD });
    await expect(attempt).rejects.toMatchObject(used);
  });
});

describe('organizations', () => {
  it('are those of the person alone', async () => {
    const ada = await harness.person('founder@people.example');
    await createProvider(harness.ctx, ada, { name: 'Mine', slug: 'mine' });
    await createProvider(harness.ctx, SYSTEM, { name: 'Theirs', slug: 'theirs' });
    const found = await listOrganizations(harness.ctx, ada);
    expect(found).toMatchObject({ providers: [{ slug: 'mine', role: 'owner' }], customers: [] });
  });
});
