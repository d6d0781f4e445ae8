import { describe, expect, it } from 'vitest';
import { callAnswers } from './answers.ts';

describe('callAnswers', () => {
  it('names each problem once, in the order of the statuses of the wire contract', () => {
    const answers = callAnswers();
    expect(new Set(answers.map(({ slug }) => slug)).size).toBe(answers.length);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
    expect([...new Set(statuses)]).toEqual([400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 429, 502, 503, 504]);
  });

  it('says what to do about each', () => {
    for (const { hint } of callAnswers()) expect(hint).not.toBe('');
  });
});
