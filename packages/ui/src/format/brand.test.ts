import { describe, expect, it } from 'vitest';
import { brandColour, brandInk, relativeLuminance } from './brand.ts';

describe('brandColour', () => {
  it.each([null, undefined, '', 'red', '#fff', '#12345g', 'url(x)', '#000000;background:url(x)'])(
    'refuses %j',
    (colour) => {
      expect(brandColour(colour)).toBe('#3f3f46');
    },
  );

  it('takes #rrggbb', () => {
    expect(brandColour('#C2410C')).toBe('#c2410c');
  });
});

describe('brandInk', () => {
  it.each(['#000000', '#ffffff', '#c2410c', '#777777', '#ffdd00', '#1e40af'])(
    'reads at 4.5 to 1 or better on %s',
    (colour) => {
      const [a, b] = [relativeLuminance(colour), relativeLuminance(brandInk(colour))].sort((x, y) => y - x);
      expect(((a ?? 0) + 0.05) / ((b ?? 0) + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
