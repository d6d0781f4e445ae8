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

type Members = ReadonlyMap<string, unknown>;

/** APIs by path: the caps that each obeys, what it multiplies its output by, and what it does not go without. */
interface ModelApi {
  readonly caps: readonly string[];
  readonly choices: readonly string[];
  takes(members: Members): boolean;
}

const APIS: Readonly<Record<string, ModelApi>> = {
  '/v1/chat/completions': {
    caps: ['max_tokens', 'max_completion_tokens'],
    choices: ['n'],
    takes: (members) => Array.isArray(members.get('messages')),
  },
  '/v1/completions': {
    caps: ['max_tokens'],
    choices: ['n', 'best_of'],
    takes: (members) => typeof members.get('prompt') === 'string' || Array.isArray(members.get('prompt')),
  },
  '/v1/responses': {
    caps: ['max_output_tokens'],
    choices: [],
    takes: (members) => {
      const prompt = members.get('prompt');
      const isStored = typeof prompt === 'object' && prompt !== null && !Array.isArray(prompt);
      return (
        isStored ||
        ['input', 'previous_response_id', 'conversation'].some((name) => (members.get(name) ?? null) !== null)
      );
    },
  },
  '/v1/messages': {
    caps: ['max_tokens'],
    choices: [],
    takes: (members) => Array.isArray(members.get('messages')),
  },
};

/** Whether a path is one where a model answers. */
export function isModelPath(path: string): boolean {
  return Object.hasOwn(APIS, path);
}

/**
 * Every reading that some upstream may have of one body and serve, each once. One reading means that nobody can be misled,
 * none that nobody serves it.
 */
export function readingsOf(path: string, body: Buffer): readonly ModelReading[] {
  const api = APIS[path];
  const entries = topLevelEntries(body.toString('utf8'));
  if (api === undefined || entries === null) return [];
  const different = new Map<string, ModelReading>();
  for (const { spelling, last } of DIALECTS) {
    const ordered = last ? entries : [...entries].reverse();
    const members: Members = new Map(ordered.map(([name, value]) => [spelling(name), value]));
    if (!api.takes(members)) continue;
    const reading = readingOf(api, members);
    different.set(JSON.stringify(reading), reading);
  }
  return [...different.values()];
}

function readingOf({ caps, choices }: ModelApi, members: Members): ModelReading {
  const given = caps.flatMap((name) => numberOf(members.get(name)) ?? []);
  const cap = given.length === 0 ? UNCAPPED_TOKENS : Math.max(...given);
  const answers = Math.max(1, ...choices.map((name) => numberOf(members.get(name)) ?? 1));
  return {
    model: String(members.get('model') ?? ''),
    outputTokens: cap * answers * (choices.includes('best_of') ? promptsOf(members.get('prompt')) : 1),
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
