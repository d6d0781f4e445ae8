import { RE2JS } from 're2js';

/** What ajv asks of an engine for `pattern`, `patternProperties` and the like: a test, and a name unlike other patterns'. */
interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/**
 * Patterns of a provider's document meet texts of anybody: JavaScript's own engine may take minutes for thirty characters, in
 * which a gateway does nothing else. RE2 takes time in proportion to the text. Throws at what it cannot run: lookaround and
 * backreferences.
 */
export const linearPatterns = Object.assign(compile, { code: 'linearPatterns' });

function compile(pattern: string): Pattern {
  const compiled = compiledOf(pattern);
  return { test: (text) => compiled.test(text), toString: () => `/${pattern}/` };
}

function compiledOf(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    throw new Error(`the pattern ${pattern} cannot be run in linear time: leave out lookaround and backreferences`);
  }
}
