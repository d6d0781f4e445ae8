import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, repositoryFiles, textOf } from './source-files.ts';

interface Copy {
  readonly stage: string;
  /** The stage it copies from; null for the build context. */
  readonly from: string | null;
  readonly sources: readonly string[];
}

/** The COPY instructions of the Dockerfile, each with its stage. */
function copiesOf(dockerfile: string): readonly Copy[] {
  let stage = '';
  const copies: Copy[] = [];
  for (const line of dockerfile.split('\n')) {
    stage = /^FROM \S+ AS (\S+)$/.exec(line)?.[1] ?? stage;
    const copy = /^COPY (?:--from=(\S+) )?(.+) \S+$/.exec(line);
    if (copy) copies.push({ stage, from: copy[1] ?? null, sources: (copy[2] ?? '').split(' ') });
  }
  return copies;
}

/** Whether .dockerignore keeps a path out of the build context: the last pattern that matches decides. */
function isIgnored(path: string): boolean {
  const patterns = textOf('.dockerignore').split('\n').filter(Boolean);
  const decisive = patterns.findLast((line) => {
    const pattern = line.replace(/^!/, '');
    return path === pattern || path.startsWith(`${pattern}/`);
  });
  return decisive !== undefined && !decisive.startsWith('!');
}

const copies = copiesOf(textOf('Dockerfile'));
const fromContext = copies.filter(({ from }) => from === null).flatMap(({ sources }) => sources);

/** The workspaces that an app runs on, itself included, by their manifests. */
function workspacesOf(folder: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  const { dependencies = {} } = JSON.parse(textOf(`${folder}/package.json`)) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith('@tollwright/')) workspacesOf(name.replace('@tollwright/', 'packages/'), found);
  }
  return found;
}

describe('tidy: the Dockerfile', () => {
  it('copies only what is there and what .dockerignore lets in', () => {
    expect(fromContext.length).toBeGreaterThan(20);
    expect(fromContext.filter((path) => !existsSync(ROOT + path) || isIgnored(path))).toEqual([]);
  });

  it('installs with the manifest of every workspace', () => {
    const isManifest = (path: string) => /(^|\/)package\.json$/.test(path) && !path.includes('/peers/');
    const manifests = repositoryFiles().filter(isManifest);
    const copied = copies.filter(({ stage }) => stage === 'manifests').flatMap(({ sources }) => sources);
    expect(copied.filter((path) => path.endsWith('package.json')).sort()).toEqual(manifests.sort());
  });

  it.each(['gateway', 'worker'])('gives the %s what it is built from, and no other workspace', (app) => {
    const built = copies
      .filter(({ stage, from }) => stage === app && from === 'build')
      .flatMap(({ sources }) => sources);
    const folders = built.map((path) => dirname(path).replace(/^\/app\//, ''));
    expect(folders.sort()).toEqual([...workspacesOf(`apps/${app}`)].sort());
  });
});

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

const compose = parse(textOf('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);

/** Variables that production leaves out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'TOLLWRIGHT_EGRESS_ALLOW', // opens loopback, for local mode
  'TOLLWRIGHT_MAIL_DIR', // instead of SMTP_URL, for local mode
  'STATE_DATABASE_URL', // REDIS_URL instead
  'QUEUE_DATABASE_URL', // REDIS_URL instead
]);

/** The names that an app's env.ts reads. */
function environmentOf(app: string): readonly string[] {
  const names = [...textOf(`apps/${app}/src/env.ts`).matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1] ?? '');
  return names.filter((name) => !LEFT_OUT.has(name)).sort();
}

describe('tidy: docker-compose.yml', () => {
  it.each([
    ['portal', 'portal'],
    ['bootstrap', 'portal'],
    ['gateway-1', 'gateway'],
    ['gateway-2', 'gateway'],
    ['worker', 'worker'],
  ])('sets for %s exactly what env.ts of the %s reads', (service, app) => {
    expect(Object.keys(compose.services[service]?.environment ?? {}).sort()).toEqual(environmentOf(app));
  });

  it('and .env.example name the same variables', () => {
    const used = new Set([...textOf('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]));
    const offered = [...textOf('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(offered.sort()).toEqual([...used].sort());
  });

  it('holds no secret, nor does .env.example', () => {
    const filled = [...textOf('.env.example').matchAll(/^(\w*(?:PASSWORD|SECRET|SMTP_URL)\w*)=(.+)$/gm)];
    expect(filled.map((match) => match[1])).toEqual([]);
    expect(textOf('docker-compose.yml')).not.toMatch(/(?:PASSWORD|SECRET): (?!\$\{)\S/);
  });

  it('publishes portal and gateways alone, to this machine alone', () => {
    const open = services.filter(([, { ports = [] }]) => ports.length > 0);
    expect(open.map(([name]) => name).sort()).toEqual(['gateway-1', 'gateway-2', 'portal']);
    for (const [, { ports = [] }] of open) expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  it('gives no volume to two services', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(mounted.length).toBe(new Set(mounted).size);
  });
});
