import type { ServerResponse } from 'node:http';
import type { UpstreamCall } from './call-log.ts';
import { answerCompletion } from './completions.ts';
import { answerMessage } from './messages.ts';
import { answerResponse } from './responses.ts';
import { numberOf, type Steering } from './steering.ts';

type Answer = (
  body: Record<string, unknown>,
  bodyBytes: number,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
) => Promise<void>;

/** A route that a model answers: what it misses in a request, or null, and how it answers. */
type ModelRoute = { readonly missing: (body: Record<string, unknown>) => string | null; readonly answer: Answer };

const routes: Readonly<Record<string, ModelRoute>> = {
  '/v1/chat/completions': {
    missing: ({ messages }) => (Array.isArray(messages) ? null : 'messages are missing'),
    answer: (...call) => answerCompletion('chat', ...call),
  },
  '/v1/completions': {
    missing: ({ prompt }) => (prompt === undefined ? 'prompt is missing' : null),
    answer: (...call) => answerCompletion('legacy', ...call),
  },
  '/v1/responses': {
    missing: ({ input }) => (input === undefined ? 'input is missing' : null),
    answer: answerResponse,
  },
  '/v1/messages': {
    missing: ({ messages, max_tokens }) =>
      !Array.isArray(messages)
        ? 'messages are missing'
        : numberOf(max_tokens) === null
          ? 'max_tokens is missing'
          : null,
    answer: answerMessage,
  },
};

export function modelRoute(path: string): ModelRoute | null {
  return Object.hasOwn(routes, path) ? (routes[path] ?? null) : null;
}
