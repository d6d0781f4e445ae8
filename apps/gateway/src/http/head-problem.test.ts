import { describe, expect, it } from 'vitest';
import { headProblem } from './head-problem.ts';

const detailOf = (rawHeaders: string[], httpVersionMajor = 1, httpVersionMinor = 1) =>
  headProblem({ rawHeaders, httpVersionMajor, httpVersionMinor })?.detail ?? null;

describe('the head of a request', () => {
  it.each([
    ['nothing', []],
    ['one of each', ['Host', 'a', 'Content-Type', 'a/b', 'Transfer-Encoding', 'Chunked']],
    ['names of the same length', ['Host', 'a', 'Date', 'x', 'Content-Form', 'x', 'Content-Type', 'a/b']],
    ['a hundred lines', Array.from({ length: 100 }, () => ['A', 'b']).flat()],
  ])('with %s has one reading', (_name, raw) => {
    expect(detailOf(raw)).toBeNull();
  });

  it.each([
    ['two hosts', ['Host', 'a', 'host', 'a'], 'Host occurs twice'],
    ['two content types', ['Content-Type', 'a/b', 'CONTENT-TYPE', 'c/d'], 'Content-Type occurs twice'],
    ['another coding first', ['Transfer-Encoding', 'gzip, chunked'], 'chunked'],
    ['codings on two lines', ['Transfer-Encoding', 'identity', 'Transfer-Encoding', 'chunked'], 'chunked'],
    ['too many lines', Array.from({ length: 101 }, () => ['A', 'b']).flat(), '100 lines'],
  ])('with %s is refused', (_name, raw, why) => {
    expect(detailOf(raw)).toContain(why);
  });

  it.each([
    [0, 9],
    [2, 0],
  ])('of version %i.%i is refused', (major, minor) => {
    expect(detailOf([], major, minor)).toContain('version');
  });

  it('of version 1.0 may not be chunked', () => {
    expect(detailOf(['Transfer-Encoding', 'chunked'], 1, 0)).toContain('1.0');
    expect(detailOf(['Content-Length', '1'], 1, 0)).toBeNull();
  });
});
