import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFiles, sourceFiles, textOf } from './source-files.ts';

const LINES_MAX = 400;
const BINARY = /\.(png|jpg|jpeg|gif|ico|woff2?|ttf|wasm|bin|bytecode)$/;
const files = repositoryFiles();
const sources = sourceFiles();
const texts = files.filter((path) => !BINARY.test(path));
const tests = sources.filter((path) => /\.(test|spec)\.tsx?$/.test(path));
const manifests = files.filter((path) => basename(path) === 'package.json');

/** Joined here, so that this file does not hold what it forbids. */
const BANNED_WORDS: readonly RegExp[] = [
  new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`),
  new RegExp(`\\bissue ${'#'}\\d`, 'i'),
  new RegExp(`(^|[\\s"'\`(])/${'work'}/`, 'm'),
  new RegExp(`\\.\\./${'shared'}\\b`),
  new RegExp(`registry\\.${'npmjs'}\\.org`),
  new RegExp(`@ts-${'ignore'}|@ts-${'nocheck'}`),
];
const BANNED_FOLDERS: ReadonlySet<string> = new Set(['utils', 'helpers', 'common', 'misc', 'shared', 'lib']);

describe('tidy: the files', () => {
  it('saw the repository', () => {
    expect([files.length > 100, tests.length > 10, manifests.length > 10]).toEqual([true, true, true]);
  });

  it(`have at most ${LINES_MAX} lines where they are code`, () => {
    const code = files.filter(
      (path) => /\.(ts|tsx|mjs|css|sql|prisma|sol)$/.test(path) && !path.includes('/migrations/'),
    );
    expect(code.filter((path) => textOf(path).split('\n').length - 1 > LINES_MAX)).toEqual([]);
  });

  it('lie in folders that say what they are about', () => {
    const vague = files.filter((path) =>
      dirname(path)
        .split('/')
        .some((folder) => BANNED_FOLDERS.has(folder)),
    );
    expect(vague).toEqual([]);
  });

  it('hold no banned word', () => {
    const found = texts.flatMap((path) => {
      const text = textOf(path);
      return BANNED_WORDS.filter((word) => word.test(text)).map((word) => `${path}: ${word.exec(text)?.[0]}`);
    });
    expect(found).toEqual([]);
  });

  it('end with a line feed and hold no carriage return', () => {
    const ragged = texts.filter((path) => {
      const text = textOf(path);
      return text !== '' && (!text.endsWith('\n') || text.includes('\r'));
    });
    expect(ragged).toEqual([]);
  });
});

describe('tidy: the tests', () => {
  it('can fail', () => {
    expect(tests.filter((path) => !/expect|[cC]ontract\(/.test(textOf(path)))).toEqual([]);
  });

  it('are all run, once', () => {
    const evasion = /\b(?:it|test|describe)\.(?:skip|only|todo|fixme)\b|\bretry:|\bretries: *[1-9]/;
    const self = 'tools/tidy.test.ts';
    const candidates = [...tests, ...sources.filter((path) => path.endsWith('.config.ts'))];
    expect(candidates.filter((path) => path !== self && evasion.test(textOf(path)))).toEqual([]);
  });
});

interface Manifest {
  readonly private?: boolean;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('tidy: the manifests', () => {
  it.each(manifests)('%s is private, licensed and pins exact versions', (path) => {
    const manifest = JSON.parse(textOf(path)) as Manifest;
    expect([manifest.private, manifest.license]).toEqual([true, 'Apache-2.0']);
    const versions = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    };
    const loose = Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });
});
