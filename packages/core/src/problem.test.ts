import { describe, expect, it } from 'vitest';
import { PROBLEM_SLUGS, PROBLEMS, type Problem, ProblemError, problemDocument } from './problem.ts';

const context = { publicUrl: 'https://portal.test', instance: '/acme/chat/v1/models', requestId: 'req_1' };
const exhausted: Problem = {
  slug: 'budget-exhausted',
  detail: 'The budget of agent-alpha is spent.',
  members: { limit: '5000000000', remaining: '0', resetAt: '2026-12-01T00:00:00.000Z' },
  retryAfterSeconds: 60,
};

describe('the catalogue of problems', () => {
  it('has every status of the wire contract', () => {
    const statuses = new Set<number>(Object.values(PROBLEMS).map(({ status }) => status));
    expect([...statuses].sort((a, b) => a - b)).toEqual([
      ...[400, 401, 402, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 502, 503, 504],
    ]);
  });

  it.each(PROBLEM_SLUGS)('%s: is a kebab-case slug with a title and a hint that are sentences', (slug) => {
    const { title, hint } = PROBLEMS[slug];
    expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(hint).toMatch(/^[A-Z].*\.$/);
  });

  it('what waiting alone cures is retryable; what is the same again is not', () => {
    const retryable = PROBLEM_SLUGS.filter((slug) => PROBLEMS[slug].retryable);
    for (const slug of PROBLEM_SLUGS) if (PROBLEMS[slug].status >= 500) expect(retryable).toContain(slug);
    expect(retryable.filter((slug) => PROBLEMS[slug].status < 500).sort()).toEqual([
      ...[
        'budget-held',
        'call-in-progress',
        'payment-in-progress',
        'quota-held',
        'rate-limited',
        'too-many-attempts',
        'too-many-running',
      ],
    ]);
  });

  it('an unknown outcome of a payment never asks for a new one', () => {
    expect(PROBLEMS['payment-unknown']).toMatchObject({
      status: 503,
      hint: expect.stringContaining('Do not pay again'),
    });
  });
});

describe('problemDocument', () => {
  it('is flat: the members of RFC 9457, ours, and the typed ones', () => {
    expect(problemDocument(exhausted, context)).toEqual({
      type: 'https://portal.test/problems/budget-exhausted',
      title: 'The budget of this period is spent',
      status: 429,
      detail: 'The budget of agent-alpha is spent.',
      instance: '/acme/chat/v1/models',
      requestId: 'req_1',
      hint: 'Raise the budget, or wait for resetAt.',
      limit: '5000000000',
      remaining: '0',
      resetAt: '2026-12-01T00:00:00.000Z',
    });
  });

  it('without members has nothing beside them', () => {
    const document = problemDocument({ slug: 'internal', detail: 'Something failed.' }, context);
    expect(Object.keys(document)).toEqual(['type', 'title', 'status', 'detail', 'instance', 'requestId', 'hint']);
  });
});

describe('ProblemError', () => {
  it('carries its problem and keeps its cause out of the document', () => {
    const error = new ProblemError(exhausted, { cause: new Error('password=hunter2') });
    expect(error).toMatchObject({ name: 'ProblemError', problem: exhausted });
    expect(error.message).toBe('budget-exhausted: The budget of agent-alpha is spent.');
    expect(JSON.stringify(problemDocument(error.problem, context))).not.toContain('hunter2');
  });
});
