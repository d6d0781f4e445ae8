import { describe, expect, it } from 'vitest';
import { topRows } from './top-rows.ts';

describe('topRows', () => {
  it('writes amounts as plain decimals with every digit', () => {
    const group = {
      key: 'agt_1',
      label: 'agent-alpha',
      calls: 1204,
      errors: 2,
      inputTokens: 90,
      outputTokens: 7,
      ratedNanoUsd: '0',
      chargedNanoUsd: '1284100000075',
      shortfallNanoUsd: '0',
    };
    expect(topRows({ groups: [group] }, 'agent')).toEqual([
      ['agent', 'id', 'calls', 'errors', 'input tokens', 'output tokens', 'charged (USD)'],
      ['agent-alpha', 'agt_1', 1204, 2, 90, 7, '1284.100000075'],
    ]);
  });
});
