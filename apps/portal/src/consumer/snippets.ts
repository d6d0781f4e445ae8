import type { StorefrontApi, StorefrontRoute } from './outputs.ts';

/** What the snippets call: one route of one API, with a model where the route is a chat. */
export interface SnippetTarget {
  readonly baseUrl: string;
  readonly method: string;
  readonly path: string;
  /** The address to give to an OpenAI client, where the route is one that it calls; else null. */
  readonly openaiBaseUrl: string | null;
  readonly model: string;
}

const CHAT = '/chat/completions';

/** The route that shows an API best: its chat route, else the first one that needs no body, else the first. */
export function exampleRoute(routes: readonly StorefrontRoute[]): StorefrontRoute | undefined {
  return (
    routes.find(({ method, pathTemplate }) => method === 'POST' && pathTemplate.endsWith(CHAT)) ??
    routes.find(({ method }) => method === 'GET') ??
    routes[0]
  );
}

/** What to call to try an API. Path parameters become their names. */
export function snippetTarget(
  api: Pick<StorefrontApi, 'baseUrl'>,
  route: Pick<StorefrontRoute, 'method' | 'pathTemplate'>,
  model: string,
): SnippetTarget {
  const path = route.pathTemplate.replace(/\{([^}]+)\}/g, '$1');
  const chat = route.method === 'POST' && path.endsWith(CHAT);
  const openaiBaseUrl = chat ? `${api.baseUrl}${path.slice(0, -CHAT.length)}` : null;
  return { baseUrl: api.baseUrl, method: route.method, path, openaiBaseUrl, model };
}

export function curlSnippet(target: SnippetTarget, key: string): string {
  const lines = [
    target.method === 'GET' ? `curl ${url(target)}` : `curl -X ${target.method} ${url(target)}`,
    `  -H 'Authorization: Bearer ${key}'`,
  ];
  if (target.openaiBaseUrl !== null) {
    lines.push(`  -H 'Content-Type: application/json'`, `  -d '${JSON.stringify(chatBody(target.model))}'`);
  }
  return lines.join(' \\\n');
}

/** The same call without a key: it answers what a stranger has to pay. */
export function strangerSnippet(target: SnippetTarget): string {
  return target.method === 'GET' ? `curl -i ${url(target)}` : `curl -i -X ${target.method} ${url(target)}`;
}

export function fetchSnippet(target: SnippetTarget): string {
  const chat = target.openaiBaseUrl !== null;
  return `const response = await fetch(
  '${url(target)}',
  {
    method: '${target.method}',
    headers: {
      Authorization: \`Bearer \${process.env.AGENT_KEY}\`,${chat ? `\n      'Content-Type': 'application/json',` : ''}
    },${chat ? `\n    body: JSON.stringify(${chatLiteral(target.model, 4)}),` : ''}
  },
);
const answer = await response.json();
console.log(response.ok ? answer : answer.hint);`;
}

export function openaiSnippet(baseUrl: string, model: string): string {
  return `import OpenAI from 'openai';

const openai = new OpenAI({
  apiKey: process.env.AGENT_KEY,
  baseURL: '${baseUrl}',
});
const stream = await openai.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
});
for await (const { choices } of stream) {
  process.stdout.write(choices[0]?.delta?.content ?? '');
}`;
}

/** For a .env file: the names that OpenAI's own clients read, where they can be used. */
export function envSnippet(target: SnippetTarget, key: string): string {
  return target.openaiBaseUrl === null
    ? `AGENT_KEY=${key}\nAGENT_BASE_URL=${target.baseUrl}`
    : `OPENAI_API_KEY=${key}\nOPENAI_BASE_URL=${target.openaiBaseUrl}`;
}

/** An unmodified x402 client that pays for the call. */
export function x402Snippet(target: SnippetTarget): string {
  return `import { x402Client } from '@x402/core/client';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment } from '@x402/fetch';
import { privateKeyToAccount } from 'viem/accounts';

const signer = privateKeyToAccount(process.env.WALLET_PRIVATE_KEY);
const client = new x402Client();
registerExactEvmScheme(client, { signer });

const pay = wrapFetchWithPayment(fetch, client);
const response = await pay(
  '${url(target)}',${strangerInit(target)}
);
console.log(response.status, await response.text());`;
}

function strangerInit({ method, openaiBaseUrl, model }: SnippetTarget): string {
  if (openaiBaseUrl !== null) {
    return `
  {
    method: '${method}',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(${chatLiteral(model, 4)}),
  },`;
  }
  return method === 'GET' ? '' : `\n  { method: '${method}' },`;
}

function url({ baseUrl, path }: SnippetTarget): string {
  return `${baseUrl}${path}`;
}

function chatBody(model: string) {
  return { model, messages: [{ role: 'user', content: 'Hello' }] };
}

/** The same body as source code, indented by so many spaces. */
function chatLiteral(model: string, indent: number): string {
  const pad = ' '.repeat(indent);
  return `{\n${pad}  model: '${model}',\n${pad}  messages: [{ role: 'user', content: 'Hello' }],\n${pad}}`;
}
