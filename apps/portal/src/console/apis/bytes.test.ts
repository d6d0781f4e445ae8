import { describe, expect, it } from 'vitest';
import { bytesOfKib, bytesText, kibOf } from './bytes.ts';

describe('bytesText', () => {
  it.each([
    [512, '512 B'],
    [65_536, '64 KiB'],
    [1_048_576, '1 MiB'],
    [1_572_864, '1.5 MiB'],
  ])('writes %i as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
});

describe('bytesOfKib', () => {
  it.each([
    ['1024', 1_048_576],
    ['0.5', 512],
    ['', null],
    ['-1', null],
    ['much', null],
  ])('reads %j as %j', (typed, bytes) => expect(bytesOfKib(typed)).toBe(bytes));

  it('reads what kibOf writes', () => expect(bytesOfKib(kibOf(1_000_001))).toBe(1_000_001));
});
