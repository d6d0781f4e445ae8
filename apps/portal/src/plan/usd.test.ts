import { describe, expect, it } from 'vitest';
import { nanoUsdOf, usdDecimalOf, usdDecimalText, usdTyped } from './usd.ts';

describe('nanoUsdOf', () => {
  it.each([
    ['5', '5000000000'],
    [' 0.01 ', '10000000'],
    ['.5', '500000000'],
    ['1,284.10', '1284100000000'],
    ['0', '0'],
    ['-1', null],
    ['0.0000000001', null],
    ['ten', null],
    ['', null],
  ])('reads %j as %j', (typed, expected) => expect(nanoUsdOf(typed)).toBe(expected));
});

describe('usdTyped', () => {
  it.each([
    ['5000000000', '5'],
    ['10000000', '0.01'],
    ['0', '0'],
  ])('writes %s as %s', (nano, expected) => expect(usdTyped(nano)).toBe(expected));
});

describe('usdDecimalOf', () => {
  it.each([
    ['2.50', '2.50'],
    ['.075', '0.075'],
    ['1,000', '1000'],
    ['1e3', null],
    ['-2', null],
    ['', null],
  ])('reads %j as %j', (typed, expected) => expect(usdDecimalOf(typed)).toBe(expected));
});

describe('usdDecimalText', () => {
  it.each([
    ['1', '1.00'],
    ['2.5', '2.50'],
    ['0.075', '0.075'],
  ])('writes %s as %s', (decimal, expected) => expect(usdDecimalText(decimal)).toBe(expected));
});
