import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a person reads about a value that a schema refuses, unless the schema has words of its own. Follows the field's path. */
export function issueWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${articled(issue.expected)}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number' && issue.origin !== 'bigint'
        ? 'must not be empty'
        : `must ${bound(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has members that nobody reads: ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return FORMATS[issue.format];
    default:
      return undefined;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be a whole address, such as https://api.example.com',
  datetime: 'must be a moment in ISO 8601, such as 2026-01-31T12:00:00Z',
  regex: 'has a form that is not allowed',
};

function bound(origin: string, relation: string, limit: number | bigint): string {
  const many = Number(limit) !== 1;
  if (origin === 'string') return `have ${relation} ${limit} ${many ? 'characters' : 'character'}`;
  if (origin === 'array' || origin === 'set') return `have ${relation} ${limit} ${many ? 'entries' : 'entry'}`;
  return `be ${relation} ${limit}`;
}

function articled(type: string): string {
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
}
