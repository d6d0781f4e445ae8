import { posix } from 'node:path';

/** Which packages a workspace may import by name, beside itself. `any` means every package, but never an app. */
export interface ImportRule {
  /** Folder below the root. */
  readonly folder: string;
  readonly mayImport: readonly string[] | 'any';
  /** Folders outside its own that relative imports may reach: programs started before anything is resolved by name. */
  readonly mayReach?: readonly string[];
}

/** The import table: the one source of the lint rules and of the table in docs/architecture.md. */
export const IMPORT_TABLE: readonly ImportRule[] = [
  { folder: 'packages/core', mayImport: [] },
  { folder: 'packages/protocols', mayImport: ['core'] },
  { folder: 'packages/contracts', mayImport: ['core'] },
  { folder: 'packages/ui', mayImport: ['core'] },
  { folder: 'packages/egress', mayImport: ['core'] },
  { folder: 'packages/metrics', mayImport: [] },
  { folder: 'packages/policies', mayImport: ['core', 'protocols', 'contracts'] },
  { folder: 'packages/state', mayImport: ['core', 'contracts'] },
  { folder: 'packages/payments', mayImport: ['core', 'protocols', 'contracts', 'state', 'stripe', 'egress'] },
  { folder: 'packages/facilitator', mayImport: ['core', 'protocols'] },
  { folder: 'packages/db', mayImport: ['core', 'contracts'] },
  { folder: 'packages/stripe', mayImport: ['core', 'contracts'] },
  {
    folder: 'packages/services',
    mayImport: ['core', 'protocols', 'contracts', 'policies', 'state', 'db', 'stripe', 'egress'],
  },
  { folder: 'packages/api', mayImport: ['core', 'contracts', 'policies', 'services'] },
  {
    folder: 'apps/gateway',
    mayImport: ['core', 'protocols', 'contracts', 'policies', 'state', 'payments', 'stripe', 'egress', 'metrics'],
  },
  {
    folder: 'apps/worker',
    mayImport: ['core', 'contracts', 'state', 'payments', 'facilitator', 'services', 'stripe', 'egress', 'metrics'],
  },
  {
    folder: 'apps/portal',
    mayImport: ['core', 'contracts', 'policies', 'services', 'api', 'stripe', 'ui'],
  },
  { folder: 'packages/testing', mayImport: 'any' },
  { folder: 'e2e', mayImport: 'any', mayReach: ['tools'] },
  { folder: 'bench', mayImport: 'any', mayReach: ['tools', 'apps/gateway/dist'] },
  {
    folder: 'tools',
    mayImport: 'any',
    mayReach: ['packages/testing/dist', 'packages/services/dist', 'packages/state/dist'],
  },
  { folder: 'examples', mayImport: [] },
];

/** Every package, so that `any` can be written out. */
export const PACKAGES: readonly string[] = IMPORT_TABLE.filter((rule) => rule.folder.startsWith('packages/')).map(
  (rule) => rule.folder.slice('packages/'.length),
);

/** Doors of packages beside their index, each with a reason to be apart. Every other path into a package is closed. */
export const ENTRANCES: readonly string[] = ['contracts/sealed-secret', 'ui/tokens.css'];

/** A library that only some workspaces may import. `modules` are gitignore-style patterns of its specifiers. */
export interface LibraryRule {
  readonly modules: readonly string[];
  readonly folders: readonly string[];
  readonly why: string;
}

const REACT_FOLDERS = ['apps/portal', 'packages/ui'];

/** Libraries with a home. */
export const LIBRARY_RULES: readonly LibraryRule[] = [
  {
    modules: ['@prisma/*', '@prisma/*/**'],
    folders: ['packages/db', 'tools'],
    why: 'Prisma is known to packages/db only (and to the migration tool).',
  },
  {
    modules: ['stripe', 'stripe/**'],
    folders: ['packages/stripe', 'packages/testing', 'e2e'],
    why: 'Stripe is known to packages/stripe only, and to tests of its double.',
  },
  {
    modules: ['pg', 'pg/**'],
    folders: ['packages/db', 'packages/state', 'packages/testing', 'e2e', 'bench', 'tools'],
    why: 'Postgres is reached through packages/db or the state port.',
  },
  {
    modules: ['ioredis', 'ioredis/**'],
    folders: ['packages/state', 'apps/worker', 'bench'],
    why: 'Redis is reached through the state port, by the queue, and by what the benchmark compares with.',
  },
  { modules: ['bullmq'], folders: ['apps/worker'], why: 'Queues belong to the worker.' },
  {
    modules: ['next', 'next/**', 'next-auth', 'next-auth/**'],
    folders: ['apps/portal'],
    why: 'Next.js is the portal alone.',
  },
  {
    modules: ['react', 'react/**', 'react-dom', 'react-dom/**'],
    folders: REACT_FOLDERS,
    why: 'React is the portal and packages/ui.',
  },
];

/** Imported by tests and by the folders whose rule is `any`. */
export const TEST_ONLY_PACKAGE = 'testing';

/** The names that one file of a folder may import. */
export function allowedPackages(rule: ImportRule, isTest: boolean): readonly string[] {
  const own = rule.folder.startsWith('packages/') ? [posix.basename(rule.folder)] : [];
  const named = rule.mayImport === 'any' ? PACKAGES : rule.mayImport;
  return [...new Set([...named, ...(isTest ? [TEST_ONLY_PACKAGE] : []), ...own])];
}

/** The rule of the folder that a path (relative to the root, with `/`) lies in. */
export function ruleOf(path: string): ImportRule | undefined {
  return IMPORT_TABLE.find((rule) => path.startsWith(`${rule.folder}/`));
}

/** Tests and what prepares a service for them (`x-harness.ts`), as globs below a folder. No build contains them. */
export const TEST_GLOBS: readonly string[] = ['**/*.test.ts', '**/*.test.tsx', '**/*-harness.ts'];

/** True for a file that TEST_GLOBS match. */
export function isTestPath(path: string): boolean {
  return /(?:\.test\.tsx?|-harness\.ts)$/.test(path);
}

/** Says why `path` may not import `specifier`; `null` when it may. */
export function importProblem(path: string, specifier: string): string | null {
  const rule = ruleOf(path);
  if (!rule) return `${path} lies in no folder of the import table`;
  if (specifier.startsWith('.')) return relativeProblem(path, specifier, rule);
  if (specifier.startsWith('@tollwright/')) return packageProblem(path, specifier, rule);
  const home = LIBRARY_RULES.find((library) => library.modules.some((pattern) => matches(pattern, specifier)));
  return home && !home.folders.includes(rule.folder) ? home.why : null;
}

function relativeProblem(path: string, specifier: string, rule: ImportRule): string | null {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const reachable = [rule.folder, ...(rule.mayReach ?? [])];
  return reachable.some((folder) => target.startsWith(`${folder}/`)) ? null : `${specifier} leaves ${rule.folder}`;
}

function packageProblem(path: string, specifier: string, rule: ImportRule): string | null {
  const entrance = specifier.slice('@tollwright/'.length);
  const [name = ''] = entrance.split('/');
  if (!allowedPackages(rule, isTestPath(path)).includes(name)) return `${rule.folder} may not import ${specifier}`;
  const closed = entrance !== name && !ENTRANCES.includes(entrance);
  return closed ? `${specifier} reaches into a package; import its index` : null;
}

function matches(pattern: string, specifier: string): boolean {
  const source = pattern.replaceAll('/**', '/.+').replace(/\*$/, '[^/]+');
  return new RegExp(`^${source}$`).test(specifier);
}
