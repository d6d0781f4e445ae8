import { type Entry, topLevelEntries } from './top-level.ts';

/** What one kind of upstream understands of a model call: everything that its price depends on. */
export interface ModelReading {
  readonly model: string;
  /** The most that it may write, over all choices. */
  readonly outputTokens: number;
  readonly stream: boolean;
}

/** What an upstream writes that nothing caps. */
export const UNCAPPED_TOKENS = 50_000;

/** How parsers find a member: which of several spellings they take for the name, and which of several members wins. */
const DIALECTS = [
  { spelling: (name: string) => name, last: true },
  { spelling: (name: string) => name, last: false },
  { spelling: foldCase, last: true },
  { spelling: (name: string) => name.split('\0')[0] ?? '', last: true },
] as const;

/** Caps by path. A cap under any other name is not obeyed. */
const CAPS: Readonly<Record<string, readonly string[]>> = {
  '/v1/chat/completions': ['max_tokens', 'max_completion_tokens'],
  '/v1/completions': ['max_tokens'],
  '/v1/responses': ['max_output_tokens'],
  '/v1/messages': ['max_tokens'],
};

/** Whether a path is one where a model answers. */
export function isModelPath(path: string): boolean {
  return Object.hasOwn(CAPS, path);
}

/** Every reading that some upstream may have of one body, each once. One reading means that nobody can be misled. */
export function readingsOf(path: string, body: Buffer): readonly ModelReading[] {
  const entries = topLevelEntries(body.toString('utf8'));
  if (entries === null) return [];
  const readings = DIALECTS.map(({ spelling, last }) => {
    const ordered = last ? entries : [...entries].reverse();
    return readingOf(path, new Map(ordered.map(([name, value]) => [spelling(name), value])));
  });
  const different = new Map(readings.map((reading) => [JSON.stringify(reading), reading]));
  return [...different.values()];
}

function readingOf(path: string, members: ReadonlyMap<string, unknown>): ModelReading {
  const caps = (CAPS[path] ?? []).flatMap((name) => numberOf(members.get(name)) ?? []);
  const cap = caps.length === 0 ? UNCAPPED_TOKENS : Math.max(...caps);
  const choices = Math.max(1, numberOf(members.get('n')) ?? 1, numberOf(members.get('best_of')) ?? 1);
  const prompts = path === '/v1/completions' ? promptsOf(members.get('prompt')) : 1;
  return {
    model: String(members.get('model') ?? ''),
    outputTokens: cap * choices * prompts,
    stream: ['true', '1'].includes(String(members.get('stream'))),
  };
}

function promptsOf(prompt: unknown): number {
  return Array.isArray(prompt) && prompt.some((part) => typeof part !== 'number') ? prompt.length : 1;
}

/** Lenient parsers take digits in a string for a number. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Simple case folding, which takes the long s and the Kelvin sign for letters of ASCII. */
function foldCase(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}

/** A body's members by name, the last of several; empty where it is no object. */
export function lastMembers(body: Buffer): ReadonlyMap<string, unknown> {
  const entries: readonly Entry[] = topLevelEntries(body.toString('utf8')) ?? [];
  return new Map(entries);
}
