import { describe, expect, it } from 'vitest';
import { isFiltered, traceFilters } from './log-filters.ts';

const NOW_MS = Date.parse('2026-11-26T12:00:00.000Z');
const agent = `agt_${'0'.repeat(26)}`;

describe('traceFilters', () => {
  it('reads what the address names', () => {
    const search = { decision: 'would-refuse', policy: 'rate-limit:burst', status: '429', agent, request: ' req_1 ' };
    expect(traceFilters({ ...search, period: '1h', problem: 'rate-limited' }, NOW_MS)).toEqual({
      ...{ decision: 'would-refuse', policy: 'rate-limit:burst', status: 429, agentId: agent, requestId: 'req_1' },
      ...{ problem: 'rate-limited', from: '2026-11-26T11:00:00.000Z' },
    });
  });

  it('takes a stretch of time before a period', () => {
    const search = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', period: '1h' };
    expect(traceFilters(search, NOW_MS)).toEqual({
      ...{ from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
    });
  });

  it('counts what cannot be a value as none', () => {
    const odd = { decision: 'odd', status: '9999', agent: 'x', from: 'yesterday', period: '9d', request: '' };
    expect(traceFilters(odd, NOW_MS)).toEqual({});
  });
});

describe('isFiltered', () => {
  it('is true for what takes calls away only', () => {
    expect([isFiltered({ cursor: 'x' }), isFiltered({ request: '' }), isFiltered({ status: '429' })]).toEqual([
      ...[false, false, true],
    ]);
  });
});
