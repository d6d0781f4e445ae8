import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './return-to.ts';

describe('safeReturnTo', () => {
  it.each(['/console', '/p/acme/join?plan=pro', '/'])('keeps a path of this site: %s', (path) => {
    expect(safeReturnTo(path, '/x')).toBe(path);
  });
  it.each(['https://evil.test', '//evil.test', '/\\evil.test', 'console', '/a\\b', '/a\nb', undefined, ['/a']])(
    'falls back for %j',
    (value) => {
      expect(safeReturnTo(value, '/x')).toBe('/x');
    },
  );
});
