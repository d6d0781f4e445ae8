import { writeFileSync } from 'node:fs';
import {
  allowedPackages,
  ENTRANCES,
  IMPORT_TABLE,
  type ImportRule,
  LIBRARY_RULES,
  TEST_GLOBS,
  TEST_ONLY_PACKAGE,
} from './import-rules.ts';

/** One entry of `overrides` in biome.json. */
export interface BiomeOverride {
  readonly includes: readonly string[];
  readonly linter: { readonly rules: Readonly<Record<string, unknown>> };
}

/** The overrides that turn the import table into lint errors: two per folder, one for sources and one for tests. */
export function importOverrides(): readonly BiomeOverride[] {
  return IMPORT_TABLE.flatMap((rule) => {
    const tests = TEST_GLOBS.map((glob) => `${rule.folder}/${glob}`);
    const sources = [`${rule.folder}/**`, ...tests.map((glob) => `!${glob}`)];
    return [override(sources, rule, false), override(tests, rule, true)];
  });
}

function override(includes: readonly string[], rule: ImportRule, isTest: boolean): BiomeOverride {
  const options = { patterns: patterns(rule, isTest) };
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } } };
}

function patterns(rule: ImportRule, isTest: boolean): readonly unknown[] {
  const names = allowedPackages(rule, isTest);
  const allowed = names.map((name) => `!@tollwright/${name}`);
  const reachable = names.join(', ') || 'no package';
  const table = {
    group: ['@tollwright/*', ...allowed],
    message: `${rule.folder} may import ${reachable}${isTest ? '' : ` (${TEST_ONLY_PACKAGE} in tests only)`}.`,
  };
  const open = ENTRANCES.filter((entrance) => names.includes(entrance.split('/', 1)[0] ?? ''));
  const doors = open.map((entrance) => `!@tollwright/${entrance}`);
  const inner = { group: ['@tollwright/*/**', ...doors], message: 'Import a package by its index.' };
  const leaving = { group: ['../**/src/**'], message: 'A relative import stays within its package.' };
  const libraries = LIBRARY_RULES.filter((library) => !library.folders.includes(rule.folder)).map((library) => ({
    group: library.modules,
    message: library.why,
  }));
  return [table, inner, leaving, ...libraries];
}

/** The file that biome.json extends. */
export const GENERATED_FILE = new URL('import-rules.biome.json', import.meta.url);

/** That file's text: one override a line, so that a change of the table is a readable difference. */
export function generatedText(): string {
  const lines = importOverrides().map((entry) => `    ${JSON.stringify(entry)}`);
  return `{\n  "root": false,\n  "overrides": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

if (process.argv.includes('--write')) writeFileSync(GENERATED_FILE, generatedText());
