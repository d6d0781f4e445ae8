import { describe, expect, it } from 'vitest';
import { auditActor, auditWords } from './audit-words.ts';

describe('auditWords', () => {
  it.each([
    ['key.revoke', 'Key revoked'],
    ['api.set-credential', 'API upstream credential set'],
    ['route.set-policies', 'Route policies set'],
    ['plan.new-version', 'Plan version started'],
    ['provider.update', 'Provider changed'],
    ['customer.sign-up', 'Customer signed up'],
    ['plan.explode', 'plan.explode'],
  ])('%s reads %s', (action, words) => expect(auditWords(action)).toBe(words));
});

describe('auditActor', () => {
  const people = {
    members: [{ id: 'mem_1', userId: 'usr_1', name: 'Ada', email: '', role: 'owner' as const, createdAt: '' }],
  };
  it.each([
    ['user:usr_1', 'Ada'],
    ['user:usr_2', 'Somebody outside the team'],
    ['token:tok_1', 'Token CI'],
    ['system', 'Tollwright'],
  ])('%s reads %s', (actor, name) => expect(auditActor(actor, people, [{ id: 'tok_1', name: 'CI' }])).toBe(name));
});
