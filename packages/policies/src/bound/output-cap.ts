import type { Problem } from '@tollwright/core';
import { insertFirst, topLevelMembers } from './members.ts';

export const CAP_NAMES = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'] as const;
export type CapName = (typeof CAP_NAMES)[number];

/**
 * How much a call may generate. `own` tells that the caller named a cap; only an injected one may be clamped.
 * `asWritten` tells that the body says exactly this already.
 */
export interface OutputCap {
  readonly names: readonly CapName[];
  readonly tokensPerChoice: number;
  readonly choices: number;
  readonly own: boolean;
  readonly asWritten: boolean;
}

const CHOICES_MAX = 128;
const MESSAGE_CAPS: readonly CapName[] = ['max_tokens'];
const RESPONSES_CAPS: readonly CapName[] = ['max_output_tokens'];
const CHAT_CAPS: readonly CapName[] = ['max_tokens', 'max_completion_tokens'];
const LEGACY_CAPS: readonly CapName[] = ['max_tokens'];
/** Models that refuse `max_tokens` and take `max_completion_tokens` only. */
const COMPLETION_TOKENS_ONLY = /^(o\d|gpt-5)/;

/** One entry of `errors` in a problem about fields. */
interface FieldError {
  readonly path: string;
  readonly message: string;
}

export type CapReply =
  | { readonly kind: 'cap'; readonly cap: OutputCap }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads the output cap of an OpenAI-shaped request; a missing one becomes `outputTokensMax`, a larger one is lowered to it. */
export function readOutputCap(document: Readonly<Record<string, unknown>>, outputTokensMax: number): CapReply {
  const understood = capsOf(document);
  if (understood === null) return AMBIGUOUS;
  const errors: FieldError[] = [];
  const { names, requested } = readCaps(document, CAP_NAMES, errors);
  let choices = 1;
  for (const name of ['n', 'best_of'] as const) {
    const value = document[name];
    if (value === undefined || value === null) continue;
    if (isCount(value, 1, CHOICES_MAX)) choices = Math.max(choices, value);
    else errors.push({ path: name, message: `must be an integer from 1 to ${CHOICES_MAX}` });
  }
  if (errors.length > 0) return refuse(errors);
  const own = names.length > 0;
  // A cap under a name of the other API binds nobody there: the right one goes with it.
  if (!names.some((name) => understood.includes(name))) names.push(capNameFor(document, understood));
  const tokensPerChoice = Math.min(requested, outputTokensMax);
  const asWritten = names.every((name) => document[name] === tokensPerChoice);
  const cap = { names, tokensPerChoice, choices: choices * promptsOf(document), own, asWritten };
  return { kind: 'cap', cap };
}

/** Reads the output cap of an Anthropic-shaped request: `max_tokens`, which bounds its thinking too. Injected and lowered alike. */
export function readMessageCap(document: Readonly<Record<string, unknown>>, outputTokensMax: number): CapReply {
  const errors: FieldError[] = [];
  const { names, requested } = readCaps(document, MESSAGE_CAPS, errors);
  if (errors.length > 0) return refuse(errors);
  const tokensPerChoice = Math.min(requested, outputTokensMax);
  const asWritten = document.max_tokens === tokensPerChoice;
  const cap = { names: MESSAGE_CAPS, tokensPerChoice, choices: 1, own: names.length > 0, asWritten };
  return { kind: 'cap', cap };
}

/** The caps that a request names, and the smallest of them; infinity where it names none. */
function readCaps(document: Readonly<Record<string, unknown>>, known: readonly CapName[], errors: FieldError[]) {
  const names: CapName[] = [];
  let requested = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const value = document[name];
    if (value === undefined || value === null) continue;
    if (isCount(value, 0, Number.MAX_SAFE_INTEGER)) {
      names.push(name);
      requested = Math.min(requested, value);
    } else {
      errors.push({ path: name, message: 'must be an integer that is not negative' });
    }
  }
  return { names, requested };
}

function refuse(errors: readonly FieldError[]): CapReply {
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return { kind: 'refused', problem: { slug: 'invalid-input', detail, members: { errors } } };
}

/** Writes a cap into a request: replaces the values of its names, or adds the member. All other bytes stay as they are. */
export function applyOutputCap(text: string, cap: OutputCap): string {
  const wanted = new Set<string>(cap.names);
  const value = String(cap.tokensPerChoice);
  const present = topLevelMembers(text).filter((member) => wanted.has(member.name));
  let out = text;
  for (const { valueStart, valueEnd } of present.reverse()) {
    out = out.slice(0, valueStart) + value + out.slice(valueEnd);
  }
  const found = new Set(present.map((member) => member.name));
  for (const name of cap.names) if (!found.has(name)) out = insertFirst(out, name, value);
  return out;
}

const AMBIGUOUS = {
  kind: 'refused',
  problem: {
    slug: 'unbounded-call',
    detail: 'Send either what a response takes, or messages or prompt: each is capped differently.',
  },
} as const;

/**
 * The caps that the API of this request's shape obeys. Responses take `input`, a stored prompt (an object), or go on from
 * an earlier response; chat takes `messages`; legacy completions take `prompt`, or nothing at all, and know one cap only.
 * Null where it could be a response or a completion.
 */
function capsOf(document: Readonly<Record<string, unknown>>): readonly CapName[] | null {
  const { input, messages, prompt, previous_response_id: earlier, conversation } = document;
  const isStored = isGiven(prompt) && typeof prompt === 'object' && !Array.isArray(prompt);
  const isResponse = isStored || isGiven(input) || isGiven(earlier) || isGiven(conversation);
  const isLegacy = isGiven(prompt) && !isStored;
  if (isResponse) return isLegacy || isGiven(messages) ? null : RESPONSES_CAPS;
  return isGiven(messages) && !isLegacy ? CHAT_CAPS : LEGACY_CAPS;
}

/** Whether a request is for the Responses API. */
export function asksForResponse(document: Readonly<Record<string, unknown>>): boolean {
  return capsOf(document) === RESPONSES_CAPS;
}

/** A legacy completion answers each prompt of a list; a list of numbers is one prompt, in tokens. */
function promptsOf({ prompt }: Readonly<Record<string, unknown>>): number {
  if (!Array.isArray(prompt) || prompt.every((part) => typeof part === 'number')) return 1;
  return prompt.length;
}

function capNameFor({ model }: Readonly<Record<string, unknown>>, understood: readonly CapName[]): CapName {
  if (understood === RESPONSES_CAPS) return 'max_output_tokens';
  if (understood === LEGACY_CAPS) return 'max_tokens';
  return typeof model === 'string' && COMPLETION_TOKENS_ONLY.test(model) ? 'max_completion_tokens' : 'max_tokens';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isCount(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
