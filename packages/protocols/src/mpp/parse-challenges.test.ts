import { describe, expect, it } from 'vitest';
import { parseChallenges } from './parse-challenges.ts';

const request = Buffer.from('{"amount":"1"}').toString('base64url');
const parameters = {
  id: 'abc',
  realm: 'r',
  method: 'stripe',
  intent: 'charge',
  request,
  expires: '2026-03-01T12:05:00Z',
};

function written(changes: Readonly<Record<string, string | null>> = {}): string {
  const all = Object.entries({ ...parameters, ...changes });
  return `Payment ${all.flatMap(([name, value]) => (value === null ? [] : [`${name}="${value}"`])).join(', ')}`;
}

/** The ids of what was read, `malformed` for what was not. */
function idsOf(header: string | readonly string[]): readonly string[] {
  return parseChallenges(header).map((read) => (read.kind === 'ok' ? read.value.id : 'malformed'));
}

describe('parseChallenges', () => {
  it.each([
    ['one', written(), ['abc']],
    ['two joined', `${written()}, ${written({ id: 'def' })}`, ['abc', 'def']],
    ['two joined without a space', `${written()},${written({ id: 'def' })}`, ['abc', 'def']],
    ['empty items', `, ,${written()} ,, `, ['abc']],
    ['a scheme in other letters', written().replace('Payment', 'pAYMENT'), ['abc']],
    ['names in other letters', written().replace('realm=', 'Realm='), ['abc']],
    ['spaces around =', written().replaceAll('=', ' =\t'), ['abc']],
    ['tokens without quotes', written().replace('"abc"', 'abc').replace('"charge"', 'charge'), ['abc']],
    ['unknown parameters', written({ foo: 'bar', id: 'x' }), ['x']],
    ['a scheme before', `Bearer realm="x, Payment id=\\"no\\"", error="y", ${written()}`, ['abc']],
    ['a scheme behind', `${written()}, Bearer realm="x", scope=a`, ['abc']],
    ['schemes between', `${written()}, Basic realm="x", Negotiate, ${written({ id: 'def' })}`, ['abc', 'def']],
    ['a token68 before', `Negotiate YWJj+/==, ${written()}`, ['abc']],
    ['a challenge within a description', written({ description: `, Payment id=\\"evil\\", x` }), ['abc']],
    ['quotes and commas in an id', written({ id: 'a\\", \\\\b' }), ['a", \\b']],
    ['a long description', written({ description: 'x, '.repeat(1_000) }), ['abc']],
    ['no Payment', 'Bearer realm="x"', []],
    ['nothing', '', []],
  ])('reads %s', (_what, header, ids) => {
    expect(idsOf(header)).toEqual(ids);
  });

  it('reads several headers in their order', () => {
    expect(idsOf([written(), 'Bearer', written({ id: 'def' })])).toEqual(['abc', 'def']);
  });

  it.each([
    ['no id', written({ id: null })],
    ['an empty id', written({ id: '' })],
    ['no realm', written({ realm: null })],
    ['no expires', written({ expires: null })],
    ['no request', written({ request: null })],
    ['nothing', 'Payment'],
    ['a token68', 'Payment abc=='],
    ['a parameter twice', `${written()}, ID="def"`],
    ['a date that is none', written({ expires: '2026-13-01T12:05:00Z' })],
    ['a date without a zone', written({ expires: '2026-03-01T12:05:00' })],
    ['a method in capitals', written({ method: 'Stripe' })],
    ['a padded request', written({ request: `${Buffer.from('{"a":11}').toString('base64url')}=` })],
    ['a request in the other alphabet', written({ request: Buffer.from('{"a":"??>"}').toString('base64') })],
    ['a request with stray bits', written({ request: 'eyJhIjoxfR' })],
    ['a request that is no object', written({ request: Buffer.from('[]').toString('base64url') })],
    ['a member twice', written({ request: Buffer.from('{"a":1,"a":2}').toString('base64url') })],
    ['a request of more than 16 KiB', written({ request: 'e'.repeat(16_385) })],
    ['a | in what is signed', written({ realm: 'a|b' })],
    ['a line feed by an escape', written({ description: '\\u000a' })],
    ['a header that is none', written({ header: 'a b' })],
  ])('refuses %s, and that challenge only', (_what, header) => {
    expect(idsOf([header, written()])).toEqual(['malformed', 'abc']);
  });

  it('keeps what stands before what cannot be read', () => {
    expect(idsOf(`${written()}, Payment id="def`)).toEqual(['abc', 'malformed']);
    expect(idsOf(`${written()} Bearer x`)).toEqual(['malformed']);
    expect(idsOf(`${written()}, Bearer realm="x" y, ${written()}`)).toEqual(['abc', 'malformed']);
    expect(idsOf(`${written()}, "x"`)).toEqual(['abc', 'malformed']);
    expect(idsOf(`Payment id=abc=`)).toEqual(['malformed']);
    expect(idsOf(`${written()}, ${'x'.repeat(65_536)}`)).toEqual(['malformed']);
  });

  it('unescapes as HTTP does, and what mppx writes for letters beyond Latin-1', () => {
    const [read] = parseChallenges(written({ description: 'a\\b\\" \\\\ \\u20ac \\u20a' }));
    expect(read).toMatchObject({ kind: 'ok', value: { description: 'ab" \\ € u20a' } });
  });
});
