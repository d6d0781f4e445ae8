import type { UsageEvent } from '@tollwright/contracts';
import { isModelPath, type RecordedCall, readingsOf } from '@tollwright/testing';
import { REQUEST_NANO_USD, STRANGER_NANO_USD } from './edge-harness.ts';

/** Nano-dollars a token of the plan's models, worked out here and not by the code under test. */
const TOKEN_NANO_USD: Readonly<Record<string, readonly [input: bigint, output: bigint]>> = {
  'toll-small': [1_000n, 2_000n],
  'toll-large': [10_000n, 20_000n],
};

/** The route that a lenient upstream serves: one that knows no case and no path parameters. */
const ROUTES: readonly (readonly [method: string, path: RegExp, routeId: string])[] = [
  ['POST', /^\/v1\/chat\/completions$/, 'rte_createChatCompletion'],
  ['POST', /^\/v1\/completions$/, 'rte_createCompletion'],
  ['POST', /^\/v1\/responses$/, 'rte_createResponse'],
  ['POST', /^\/v1\/messages$/, 'rte_createMessage'],
  ['POST', /^\/notes$/, 'rte_createNote'],
  ['GET', /^\/weather$/, 'rte_getWeather'],
  ['GET', /^\/quotes\/premium$/, 'rte_getPremiumQuote'],
  ['GET', /^\/quotes\/[^/]+$/, 'rte_getQuote'],
];

/** Headers that an upstream must not get from a caller, whatever is written for the dashes in their names. */
const FORBIDDEN =
  /^(?:connection-.*|keep-alive|te|trailer|upgrade|expect|proxy-.*|x-api-key|cookie|forwarded|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-url|x-http-method.*|x-method-override|.*payment.*|sign-in-with-x|tollwright-.*|x-hop-.*)$/;
const CALLER_GONE = 499;
const ONCE = ['host', 'x-request-id', 'authorization'];
const AT_MOST_ONCE = ['content-type', 'content-length', 'transfer-encoding', 'content-encoding'];

/**
 * What is wrong with a call by what the upstream saw alone: how it can be read, its target, its headers. `key` must not
 * be among them; null does not look for it.
 */
export function faultsOfCall(call: RecordedCall, upstreamUrl: string, key: string | null): string[] {
  const faults: string[] = [];
  const url = new URL(call.target, upstreamUrl);
  if (url.pathname + url.search !== call.target) faults.push(`the target reads ${url.pathname}${url.search}`);
  if (/%(?:2e|2f|5c|25|0)|\/\/|\\/i.test(url.pathname)) faults.push('the target has a second reading');
  if (routeOf(call) === null) faults.push(`no route is ${call.method} ${call.target}`);
  const readings = isModelPath(url.pathname) ? readingsOf(url.pathname, call.body) : [];
  if (readings.length > 1) faults.push(`the body reads ${JSON.stringify(readings)}`);
  return [...faults, ...faultsOfHeaders(call.headers, new URL(upstreamUrl).host, key)];
}

function faultsOfHeaders(headers: readonly string[], host: string, key: string | null): string[] {
  const counts = new Map<string, number>();
  const faults: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = String(headers[i]).toLowerCase();
    const value = String(headers[i + 1]);
    const folded = name.replace(/[^a-z0-9]/g, '-');
    counts.set(folded, (counts.get(folded) ?? 0) + 1);
    if (FORBIDDEN.test(folded)) faults.push(`the header ${name} arrived`);
    if (key !== null && value.includes(key)) faults.push(`the key arrived in ${name}`);
    if (name === 'host' && value !== host) faults.push(`the host is ${value}`);
  }
  for (const name of ONCE) if (counts.get(name) !== 1) faults.push(`${name} came ${counts.get(name) ?? 0} times`);
  for (const name of AT_MOST_ONCE) if ((counts.get(name) ?? 0) > 1) faults.push(`${name} came more than once`);
  return faults;
}

/** What is wrong between a call as the upstream saw it and the events that say what it cost. */
export function faultsOfPrice(call: RecordedCall, events: readonly UsageEvent[]): string[] {
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) return [`it has ${events.length} events`];
  const faults: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) faults.push(`${what} is ${String(actual)} and not ${String(expected)}`);
  };
  expect('the route', event.routeId, routeOf(call));
  expect('the shortfall', event.shortfallNanoUsd, 0n);
  const reading = readingOf(call);
  if (reading !== null && event.rail === 'plan') expect('the model', event.data.model, reading.model);
  // Who hangs up before the answer is charged for what came until then.
  const isWhole = call.isAnswered && event.status !== CALLER_GONE && !event.estimated;
  if (isWhole) expect('the charge', event.chargedNanoUsd, priceOf(call, event));
  else if (event.chargedNanoUsd > worstOf(call, event))
    faults.push(`the charge ${event.chargedNanoUsd} is above the worst case`);
  return faults;
}

function routeOf({ method, target }: RecordedCall): string | null {
  const path = (target.split('?')[0] ?? '').toLowerCase().replace(/;[^/]*/g, '');
  const asked = method === 'HEAD' ? 'GET' : method;
  return ROUTES.find(([verb, pattern]) => verb === asked && pattern.test(path))?.[2] ?? null;
}

function readingOf(call: RecordedCall) {
  const path = call.target.split('?')[0] ?? '';
  return isModelPath(path) ? (readingsOf(path, call.body)[0] ?? null) : null;
}

/** What the call costs by its own bytes and by what the upstream says that it spent. */
function priceOf(call: RecordedCall, event: UsageEvent): bigint {
  if (call.status < 200 || call.status > 299) return 0n;
  if (event.rail !== 'plan') return STRANGER_NANO_USD;
  const reading = readingOf(call);
  if (reading === null || call.usage === null) return REQUEST_NANO_USD;
  return REQUEST_NANO_USD + tokens(reading.model, call.usage.inputTokens, call.usage.outputTokens);
}

function worstOf(call: RecordedCall, event: UsageEvent): bigint {
  if (event.rail !== 'plan') return STRANGER_NANO_USD;
  const reading = readingOf(call);
  if (reading === null) return REQUEST_NANO_USD;
  return REQUEST_NANO_USD + tokens(reading.model, call.body.length, reading.outputTokens);
}

function tokens(model: string, inputTokens: number, outputTokens: number): bigint {
  const [input, output] = TOKEN_NANO_USD[model] ?? [-1n, -1n];
  return BigInt(inputTokens) * input + BigInt(outputTokens) * output;
}
