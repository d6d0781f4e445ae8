import type { Members, Token } from '../../team/outputs.ts';

const WORDS: Readonly<Record<string, string>> = {
  're-import': 'imported again',
  'set-credential': 'upstream credential set',
  'set-policies': 'policies set',
  'new-version': 'version started',
  'update-draft': 'draft changed',
  'refund-key': 'refund key changed',
  refund: 'given back',
};
const PAST: Readonly<Record<string, string>> = {
  accept: 'accepted',
  archive: 'archived',
  create: 'created',
  decide: 'decided',
  end: 'ended',
  forget: 'forgotten',
  invite: 'invited',
  join: 'joined',
  move: 'moved',
  publish: 'published',
  remove: 'removed',
  revoke: 'revoked',
  set: 'set',
  'sign-up': 'signed up',
  start: 'started',
  update: 'changed',
  verify: 'verified',
};

/** What was done in words: `key.revoke` is `Key revoked`. An action without words keeps its name. */
export function auditWords(action: string): string {
  const [subject = '', verb = ''] = action.split('.');
  const said = WORDS[verb] ?? PAST[verb];
  if (said === undefined) return action;
  const name = subject === 'api' ? 'API' : subject.replaceAll('-', ' ');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${said}`;
}

/** Who did it: `user:usr_…` by name, `token:tok_…` by the token's name. */
export function auditActor(
  actor: string,
  people: Pick<Members, 'members'>,
  tokens: readonly Pick<Token, 'id' | 'name'>[],
): string {
  const [kind, id] = actor.split(':');
  if (kind === 'user') return people.members.find(({ userId }) => userId === id)?.name ?? 'Somebody outside the team';
  if (kind === 'token') return `Token ${tokens.find((token) => token.id === id)?.name ?? ''}`.trim();
  return kind === 'system' ? 'Tollwright' : actor;
}
