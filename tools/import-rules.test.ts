import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cycleOf, fileEdges, packageEdges, readImportGraph, specifiersOf, violationsOf } from './import-graph.ts';
import { ENTRANCES, IMPORT_TABLE, importProblem, PACKAGES } from './import-rules.ts';
import { GENERATED_FILE, generatedText } from './import-rules-biome.ts';
import { ROOT } from './source-files.ts';

/** `null` in the third column: allowed. Otherwise the lint rule that must fire. */
const RESTRICTED = 'lint/style/noRestrictedImports';
const CELLS: readonly [path: string, code: string, rule: string | null][] = [
  ['packages/core/src/a.ts', `import '@tollwright/contracts';`, RESTRICTED],
  ['packages/core/src/b.ts', `import '@tollwright/testing';`, RESTRICTED],
  ['packages/core/src/b.test.ts', `import '@tollwright/testing';`, null],
  ['packages/protocols/src/a.ts', `import '@tollwright/state';`, RESTRICTED],
  ['packages/policies/src/a.ts', `import '@tollwright/state';`, RESTRICTED],
  ['packages/policies/src/b.ts', `import '@tollwright/protocols';`, null],
  ['packages/state/src/a.ts', `import '@tollwright/db';`, RESTRICTED],
  ['packages/services/src/a.ts', `import '@tollwright/payments';`, RESTRICTED],
  ['packages/services/src/b.ts', `import '@tollwright/egress';`, null],
  ['packages/api/src/a.ts', `import '@tollwright/db';`, RESTRICTED],
  ['packages/ui/src/a.ts', `import '@tollwright/services';`, RESTRICTED],
  ['apps/gateway/src/a.ts', `export * from '@tollwright/db';`, RESTRICTED],
  ['apps/gateway/src/b.ts', `import type { A } from '@tollwright/worker';\nexport type B = A;`, RESTRICTED],
  ['apps/gateway/src/c.ts', `export const a = import('@tollwright/services');`, RESTRICTED],
  ['apps/gateway/src/d.ts', `import 'pg';`, RESTRICTED],
  ['apps/gateway/src/e.ts', `import 'ioredis';`, RESTRICTED],
  ['apps/worker/src/a.ts', `import '@prisma/client';`, RESTRICTED],
  ['apps/worker/src/b.ts', `import 'bullmq';`, null],
  ['apps/portal/src/a.ts', `import '@tollwright/db';`, RESTRICTED],
  ['apps/portal/src/b.ts', `import 'stripe';`, RESTRICTED],
  ['apps/portal/src/c.ts', `import '@tollwright/ui/tokens.css';`, null],
  ['packages/services/src/h.ts', `import '@tollwright/contracts/sealed-secret';`, null],
  ['packages/core/src/c.ts', `import '@tollwright/contracts/sealed-secret';`, RESTRICTED],
  ['packages/services/src/c.ts', `import 'react';`, RESTRICTED],
  ['packages/services/src/d.ts', `import '@tollwright/core/src/money.ts';`, RESTRICTED],
  ['packages/services/src/e.ts', `import '../../core/src/money.ts';`, RESTRICTED],
  ['packages/services/src/f.ts', `export const a = process.env.A;`, 'lint/style/noProcessEnv'],
  [
    'packages/services/src/g.ts',
    `import { env } from 'node:process';\nexport const a = env.A;`,
    'lint/style/noProcessEnv',
  ],
  ['apps/gateway/src/env.ts', `export const a = process.env.A;`, null],
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

describe('import table as lint', () => {
  let folder = '';
  let diagnostics: readonly Diagnostic[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollwright-lint-'));
    for (const file of ['biome.json', 'tools/import-rules.biome.json']) cpSync(ROOT + file, join(folder, file));
    for (const [path, code] of CELLS) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${code}\n`);
    }
    diagnostics = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what tools/import-rules.ts generates', () => {
    expect(readFileSync(GENERATED_FILE, 'utf8')).toBe(generatedText());
  });

  it.each(CELLS)('%s with %s: %s', (path, _code, rule) => {
    const fired = diagnostics.filter((found) => found.location.path === path).map((found) => found.category);
    expect(fired.filter((category) => category === RESTRICTED || category.endsWith('noProcessEnv'))).toEqual(
      rule === null ? [] : [rule],
    );
  });
});

/** Biome exits with 1 when it finds something, which here is the point. */
function lint(folder: string): readonly Diagnostic[] {
  const command = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const biome = join(ROOT, 'node_modules/.bin/biome');
  try {
    execFileSync(biome, command, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return (JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics;
  }
  return [];
}

describe('import graph', () => {
  const graph = readImportGraph();

  it.each(IMPORT_TABLE.filter((rule) => !['packages/stripe', 'examples'].includes(rule.folder)))(
    'saw modules of $folder',
    (rule) => {
      expect(graph.filesByFolder.get(rule.folder)?.length ?? 0).toBeGreaterThan(0);
    },
  );

  it('saw imports between packages', () => {
    expect(packageEdges(graph).get('contracts')).toContain('core');
  });

  it('holds no import that the table forbids', () => {
    expect(violationsOf(graph)).toEqual([]);
  });

  it('holds no ring of packages', () => {
    expect(cycleOf(packageEdges(graph))).toBeNull();
  });

  it('holds no ring of files', () => {
    expect(cycleOf(fileEdges(graph))).toBeNull();
  });
});

describe('entrances', () => {
  it('are those that the packages export', () => {
    const exported = PACKAGES.filter((name) => existsSync(`${ROOT}packages/${name}/package.json`)).flatMap((name) => {
      const manifest = JSON.parse(readFileSync(`${ROOT}packages/${name}/package.json`, 'utf8')) as { exports: object };
      return Object.keys(manifest.exports).map((entrance) => posix.join(name, entrance));
    });
    expect(exported.filter((entrance) => entrance.includes('/')).sort()).toEqual([...ENTRANCES].sort());
  });
});

describe('import graph: its own parts', () => {
  it('specifiersOf finds every form and no comment', () => {
    const text = [
      `import a from 'a';`,
      `import { b,\n  c } from "b";`,
      `import type { D } from './d.ts';`,
      `export * from './e.ts';`,
      `import 'f.css';`,
      `const g = await import('g');`,
      `// import 'no';`,
      `/* import 'never'; */`,
    ].join('\n');
    expect(specifiersOf(text)).toEqual(['a', 'b', './d.ts', './e.ts', 'f.css', 'g']);
    expect(specifiersOf(text, 'values')).toEqual(['a', 'b', './e.ts', 'f.css', 'g']);
  });

  it('cycleOf names the ring', () => {
    const ring = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['b'])],
    ]);
    expect(cycleOf(ring)).toEqual(['b', 'c', 'b']);
  });

  it.each(CELLS.filter(([, code]) => specifiersOf(code).length > 0 && !code.includes('node:')))(
    'importProblem judges %s with %s as the linter does',
    (path, code, rule) => {
      const problems = specifiersOf(code).map((specifier) => importProblem(path, specifier));
      expect(problems.every((problem) => problem === null)).toBe(rule === null);
    },
  );
});
