import { existsSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { PROBLEM_SLUGS, PROBLEMS } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { IMPORT_TABLE, PACKAGES } from './import-rules.ts';
import { ROOT, repositoryFiles, textOf } from './source-files.ts';

const pages = repositoryFiles().filter((path) => path.endsWith('.md'));
const adrs = pages.filter((path) => /^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/.test(path));
const problemPages = pages.filter((path) => path.startsWith('docs/problems/') && basename(path) !== 'README.md');

const PATH_IN_TEXT = /`((?:apps|packages|docs|e2e|bench|tools|prisma|examples)\/[\w./-]+)`/g;
const MADE_BY_BUILDS = /\/(?:dist|generated|\.next|node_modules)(?:\/|$)/;

/** Paths that a page names in backticks; a sentence's full stop is not part of them. */
function pathsIn(page: string): readonly string[] {
  return [...textOf(page).matchAll(PATH_IN_TEXT)].map((match) => (match[1] ?? '').replace(/[./]+$/, ''));
}

describe('tidy: the docs', () => {
  it.each(pages)('%s names only paths that exist', (page) => {
    const missing = pathsIn(page).filter((path) => !MADE_BY_BUILDS.test(path) && !existsSync(ROOT + path));
    expect(missing).toEqual([]);
  });

  it.each(pages)('%s links only to files that exist', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(ROOT + posix.join(posix.dirname(page), link)))).toEqual([]);
  });
});

describe('tidy: the decisions', () => {
  it('are numbered without a gap', () => {
    expect(adrs.map((path) => Number(basename(path).slice(0, 4)))).toEqual(adrs.map((_, index) => index + 1));
  });

  it('are all in the index, by number and title', () => {
    const entries = adrs.map((path) => `[${textOf(path).split('\n', 1)[0]?.replace(/^# /, '')}](${basename(path)})`);
    const index = textOf('docs/adr/README.md');
    expect(entries.filter((entry) => !index.includes(entry))).toEqual([]);
    expect(index.match(/\]\(\d{4}-/g)?.length).toBe(adrs.length);
  });

  it.each(adrs)('%s has its five parts and names a test that exists', (path) => {
    const text = textOf(path);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(['Context', 'Options', 'Decision', 'Consequences', 'Confirmation']);
    const confirmation = text.slice(text.indexOf('## Confirmation'));
    const named = [...confirmation.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((test) => !existsSync(ROOT + test))).toEqual([]);
  });
});

describe('tidy: the problems', () => {
  it('have one page each, and no page has no problem', () => {
    expect(problemPages.map((path) => basename(path, '.md')).sort()).toEqual([...PROBLEM_SLUGS].sort());
  });

  it.each(PROBLEM_SLUGS)('%s is shown by its page as the catalogue has it', (slug) => {
    const example = /```json\n([\s\S]*?)```/.exec(textOf(`docs/problems/${slug}.md`))?.[1] ?? '{}';
    const { status, title, hint } = PROBLEMS[slug];
    const shown = JSON.parse(example) as Record<string, unknown>;
    expect(shown).toMatchObject({ status, title, hint });
    expect(String(shown.type)).toMatch(new RegExp(`/problems/${slug}$`));
  });
});

/** Reads the rows of the markdown table whose first heading is `may import`. */
function importTableIn(text: string): { columns: readonly string[]; rows: ReadonlyMap<string, readonly string[]> } {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^\| *may import *\|/.test(line));
  const cells = (line: string): readonly string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const columns = cells(lines[start] ?? '').slice(1);
  const rows = new Map<string, readonly string[]>();
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const [names = '', ...marks] = cells(line);
    const allowed = columns.filter((_, index) => marks[index] === 'x');
    for (const name of names.split(',')) rows.set(name.trim(), allowed);
  }
  return { columns, rows };
}

describe('tidy: the import table of docs/architecture.md', () => {
  const text = textOf('docs/architecture.md');
  const table = importTableIn(text);

  it('has a column for every package that rows share; egress is in the sentence below, testing is for tests', () => {
    const shared = PACKAGES.filter((name) => name !== 'egress' && name !== 'testing');
    expect([...table.columns].sort()).toEqual([...shared].sort());
  });

  it('says what tools/import-rules.ts says', () => {
    const ruled = IMPORT_TABLE.filter((rule) => rule.mayImport !== 'any' && /^(packages|apps)\//.test(rule.folder));
    const expected = ruled
      .filter((rule) => !['packages/core', 'packages/egress', 'packages/metrics'].includes(rule.folder))
      .map((rule) => [basename(rule.folder), table.columns.filter((name) => rule.mayImport.includes(name))]);
    expect(Object.fromEntries(table.rows)).toEqual(Object.fromEntries(expected));
  });

  it('says who may use egress', () => {
    const open = /`egress` imports core and is open to ([^.]+)\./.exec(text)?.[1] ?? '';
    const named = open
      .split(/,| and /)
      .map((name) => name.trim())
      .filter((name) => name !== '' && name !== 'testing');
    const expected = IMPORT_TABLE.filter((rule) => rule.mayImport !== 'any' && rule.mayImport.includes('egress'));
    expect(named.sort()).toEqual(expected.map((rule) => basename(rule.folder)).sort());
  });
});
