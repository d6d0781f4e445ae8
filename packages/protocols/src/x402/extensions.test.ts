import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alteredExtension, type X402Extensions } from './extensions.ts';
import { paymentIdentifier, paymentIdentifierIn } from './payment-identifier.ts';

const declared: X402Extensions = {
  named: { info: { required: false } },
  listed: { info: { input: { type: 'http', queryParams: {}, tags: ['a', { b: 1 }] } }, schema: { type: 'object' } },
};
const listed = { info: { input: { type: 'http', queryParams: {}, tags: ['a', { b: 1 }] } } };

describe('alteredExtension', () => {
  it.each([
    ['nothing was sent back', undefined],
    ['no extension was sent back', {}],
    ['all came back', declared],
    ['members were added', { named: { info: { required: false, id: 'pay_1' } }, listed: { ...listed, x: 1 } }],
    ['others were added', { own: { info: 'x' } }],
  ])('is none where %s', (_what, echoed) => {
    expect(alteredExtension(declared, echoed)).toBeNull();
  });

  it.each([
    ['a value was changed', 'named', { named: { info: { required: true } } }],
    ['a member was dropped', 'named', { named: { info: { id: 'pay_1' } } }],
    ['info was dropped', 'named', { named: {} }],
    ['it is no object', 'named', { named: 'x' }],
    ['a list was changed', 'listed', { listed: { info: { input: { ...listed.info.input, tags: ['a'] } } } }],
    [
      'a list was added to',
      'listed',
      { listed: { info: { input: { ...listed.info.input, tags: ['a', { b: 1 }, 2] } } } },
    ],
    ['a list became an object', 'listed', { listed: { info: { input: { ...listed.info.input, tags: { 0: 'a' } } } } }],
    ['an object became a list', 'listed', { listed: { info: { input: [] } } }],
  ])('is found where %s', (_what, key, echoed) => {
    expect(alteredExtension(declared, echoed)).toBe(key);
  });

  it('takes what it declared, and never throws', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.record({ info: fc.object() })), fc.object(), (own, other) => {
        const copy = JSON.parse(JSON.stringify(own));
        expect(alteredExtension(JSON.parse(JSON.stringify(own)), copy)).toBeNull();
        alteredExtension(own, other as Record<string, unknown>);
      }),
    );
  });
});

describe('payment-identifier', () => {
  it.each([
    [undefined, { kind: 'none' }],
    [{}, { kind: 'none' }],
    [{ 'payment-identifier': paymentIdentifier }, { kind: 'none' }],
    [
      { 'payment-identifier': { info: { required: false, id: 'pay_0123456789ab' } } },
      { kind: 'named', id: 'pay_0123456789ab' },
    ],
    [{ 'payment-identifier': { info: { required: false, id: 'short' } } }, { kind: 'invalid' }],
    [{ 'payment-identifier': { info: { required: false, id: 'a'.repeat(129) } } }, { kind: 'invalid' }],
    [{ 'payment-identifier': { info: { required: false, id: 'pay 0123456789ab' } } }, { kind: 'invalid' }],
    [{ 'payment-identifier': null }, { kind: 'invalid' }],
  ])('reads %j', (extensions, read) => {
    expect(paymentIdentifierIn(extensions)).toEqual(read);
  });
});
