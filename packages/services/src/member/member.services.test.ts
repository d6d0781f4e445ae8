import { openServicesHarness, PASSWORD, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../account/sign-in.ts';
import { signUp } from '../account/sign-up.ts';
import type { Actor } from '../actor.ts';
import { createProvider } from '../provider/create.ts';
import { acceptInvitation, showInvitation } from './accept-invitation.ts';
import { inviteMember } from './invite.ts';
import { listMembers } from './list.ts';
import { removeMember } from './remove.ts';

let harness: ServicesHarness;
let owner: Actor & { kind: 'user' };
let providerId: string;

beforeAll(async () => {
  harness = await openServicesHarness();
  owner = await harness.person('owner@team.example');
  providerId = (await createProvider(harness.ctx, owner, { name: 'Team', slug: 'team' })).id;
});
afterAll(() => harness.close());

describe('an invitation', () => {
  it('makes its addressee a member, once, and is audited', async () => {
    const { ctx } = harness;
    await inviteMember(ctx, owner, { providerId, email: 'dev@team.example', role: 'developer' });
    const token = harness.tokenMailedTo('dev@team.example');
    expect(await showInvitation(ctx, { token })).toEqual({
      email: 'dev@team.example',
      role: 'developer',
      providerName: 'Team',
    });
    const dev = await harness.person('dev@team.example');
    expect(await acceptInvitation(ctx, dev, { token })).toEqual({ providerId, customerId: null, role: 'developer' });
    await expect(acceptInvitation(ctx, dev, { token })).rejects.toMatchObject({ problem: { slug: 'bad-request' } });
    expect((await listMembers(ctx, owner, { providerId })).members.map((member) => member.email)).toEqual([
      'owner@team.example',
      'dev@team.example',
    ]);
    const actions = await harness.owner.auditEntry.findMany({ where: { providerId }, orderBy: { id: 'asc' } });
    expect(actions.map((entry) => entry.action)).toEqual(['provider.create', 'member.invite', 'member.accept']);
  });

  it('is of no use to another address', async () => {
    await inviteMember(harness.ctx, owner, { providerId, email: 'wanted@team.example', role: 'owner' });
    const token = harness.tokenMailedTo('wanted@team.example');
    const other = await harness.person('other@team.example');
    const attempt = acceptInvitation(harness.ctx, other, { token });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'bad-request' } });
  });

  it('opens sign-up where it needs one, and proves the address', async () => {
    const ctx = { ...harness.ctx, signup: 'invite' as const };
    const email = 'guest@team.example';
    await inviteMember(ctx, owner, { providerId, email, role: 'viewer' });
    const invitationToken = harness.tokenMailedTo(email);
    expect(await signUp(ctx, { email, password: PASSWORD, name: 'G', invitationToken })).toEqual({
      status: 'verified',
    });
    expect(await signIn(ctx, { email, password: PASSWORD })).toMatchObject({ kind: 'signed-in' });
    const stolen = { email: 'thief@team.example', password: PASSWORD, name: 'X', invitationToken };
    await expect(signUp(ctx, stolen)).rejects.toMatchObject({ problem: { slug: 'bad-request' } });
  });
});

describe('the last owner', () => {
  it('cannot be removed, also when two owners remove each other at once', async () => {
    const { ctx } = harness;
    const second = await harness.person('second@team.example');
    await inviteMember(ctx, owner, { providerId, email: 'second@team.example', role: 'owner' });
    await acceptInvitation(ctx, second, { token: harness.tokenMailedTo('second@team.example') });
    const { members } = await listMembers(ctx, owner, { providerId });
    const idOf = (email: string) => members.find((member) => member.email === email)?.id ?? '';
    const removals = await Promise.allSettled([
      removeMember(ctx, owner, { providerId, membershipId: idOf('second@team.example') }),
      removeMember(ctx, second, { providerId, membershipId: idOf('owner@team.example') }),
    ]);
    expect(removals.map((removal) => removal.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await harness.owner.membership.count({ where: { providerId, role: 'owner' } })).toBe(1);
  });
});
