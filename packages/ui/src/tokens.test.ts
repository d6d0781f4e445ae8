import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { relativeLuminance } from './format/brand.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const pairs = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);
const themes = ['light', 'dark'] as const;
const colour = (name: string, theme: 'light' | 'dark') => {
  const pair = pairs.get(name);
  if (!pair) throw new Error(`no token --${name}`);
  return pair[theme];
};

function contrast(a: string, b: string): number {
  const [x, y] = [relativeLuminance(a) + 0.05, relativeLuminance(b) + 0.05];
  return Math.max(x, y) / Math.min(x, y);
}

/** What a colour looks like with no working red, green or blue cones. Source: Machado, Oliveira and Fernandes 2009, severity 1. */
const VISION = {
  full: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function multiply(matrix: readonly number[], [x = 0, y = 0, z = 0]: readonly number[]): number[] {
  return [0, 3, 6].map((row) => (matrix[row] ?? 0) * x + (matrix[row + 1] ?? 0) * y + (matrix[row + 2] ?? 0) * z);
}

const TO_CONES = [
  0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376,
  0.6299787005,
];
const TO_OKLAB = [
  0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662,
  -0.808675766,
];

function seen(hex: string, vision: readonly number[]): number[] {
  const linear = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const visible = multiply(vision, linear).map((channel) => Math.max(0, channel));
  return multiply(TO_OKLAB, multiply(TO_CONES, visible).map(Math.cbrt));
}

describe.each(themes)('tokens, %s', (theme) => {
  it.each([
    ['ink', 'paper'],
    ['ink-muted', 'paper'],
    ['ink-faint', 'paper'],
    ['ink-faint', 'paper-sunken'],
    ['ink-muted', 'paper-hover'],
    ['ink-faint', 'paper-hover'],
    ['ink-faint', 'paper-raised'],
    ['primary-ink', 'primary'],
    ['link', 'paper'],
    ['link', 'link-soft'],
    ['green', 'green-soft'],
    ['amber', 'amber-soft'],
    ['red', 'red-soft'],
    ['green', 'paper'],
    ['amber', 'paper'],
    ['red', 'paper'],
  ])('text in --%s reads on --%s', (ink, paper) => {
    expect(contrast(colour(ink, theme), colour(paper, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it('white reads on the destructive button', () => {
    expect(contrast('#ffffff', colour('red-strong', theme))).toBeGreaterThanOrEqual(4.5);
  });

  const series = ['1', '2', '3', '4', '5', '6', '7', 'other'].map((name) => colour(`series-${name}`, theme));

  it('every hue of a series stands out from the paper', () => {
    for (const hex of series) expect(contrast(hex, colour('paper', theme))).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(VISION))('any two hues of a series differ with %s', (_, vision) => {
    const points = series.map((hex) => seen(hex, vision));
    const distances = points.flatMap((a, i) =>
      points.slice(0, i).map((b) => Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)))),
    );
    expect(distances).toHaveLength(28);
    expect(Math.min(...distances)).toBeGreaterThan(0.08);
  });
});
