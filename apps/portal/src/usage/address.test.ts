import { describe, expect, it } from 'vitest';
import { choice, hrefWith, param } from './address.ts';

describe('param', () => {
  it('reads the first of several values, and an empty one as none', () => {
    expect(param({ a: ['x', 'y'] }, 'a')).toBe('x');
    expect(param({ a: '' }, 'a')).toBeUndefined();
    expect(param({}, 'a')).toBeUndefined();
  });
});

describe('choice', () => {
  it('falls back to the first choice for what is not one', () => {
    expect(choice({ by: 'model' }, 'by', ['route', 'model'])).toBe('model');
    expect(choice({ by: 'constructor' }, 'by', ['route', 'model'])).toBe('route');
  });
});

describe('hrefWith', () => {
  it('keeps what is not named, changes and removes what is', () => {
    const search = { period: '7d', by: 'model', cursor: 'abc' };
    expect(hrefWith('/usage', search, { by: 'route', cursor: null })).toBe('/usage?period=7d&by=route');
    expect(hrefWith('/usage', { by: 'model' }, { by: null })).toBe('/usage');
  });

  it('encodes values', () => {
    expect(hrefWith('/u', {}, { model: 'a b&c' })).toBe('/u?model=a+b%26c');
  });
});
