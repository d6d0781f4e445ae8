import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SERVER_KIND = 2;

let stage: Stage;
let receiver: Server;
let traced: GatewayProcess;
let silent: GatewayProcess;
const exported: ExportedSpan[] = [];
const bodies: string[] = [];

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  receiver = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    bodies.push(`${request.method} ${request.url} ${body}`);
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: ExportedSpan[] }[] }[] };
    exported.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  traced = await stage.startGateway('traced', undefined, {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  silent = await stage.startGateway('silent');
});
afterAll(async () => {
  await stage?.close();
  receiver?.close();
});

const weather = (gateway: GatewayProcess, key: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/acme/llm/weather?city=secret-city`, { headers: { ...bearer(key), ...headers } });
const upstreamHeaders = (response: Response) =>
  stage.upstream.log.calls(response.headers.get('x-request-id'))[0]?.headers ?? {};
const spanOf = async (response: Response) => {
  const requestId = response.headers.get('x-request-id');
  const find = () =>
    exported.filter(({ attributes }) => attributes.some(({ value }) => value.stringValue === requestId));
  await expect.poll(find).toHaveLength(1);
  return find()[0] as ExportedSpan;
};
const attribute = ({ attributes }: ExportedSpan, name: string) => {
  const value = attributes.find(({ key }) => key === name)?.value ?? {};
  return value.stringValue ?? value.intValue;
};

describe('a gateway that exports spans', () => {
  it('is the child of its caller and the parent of its upstream, and says nothing of keys, query or body', async () => {
    const key = await stage.subscribe('cus_traced');
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1' };
    const response = await weather(traced, key, headers);
    expect(response.status).toBe(200);
    const span = await spanOf(response);
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, name: 'GET /weather', kind: SERVER_KIND });
    expect(upstreamHeaders(response).traceparent).toBe(`00-${TRACE}-${span.spanId}-01`);
    expect(upstreamHeaders(response).tracestate).toBe('vendor=1');
    expect(attribute(span, 'http.route')).toBe('/weather');
    expect(attribute(span, 'http.request.method')).toBe('GET');
    expect(Number(attribute(span, 'http.response.status_code'))).toBe(200);
    expect(attribute(span, 'tollwright.api.id')).toBe('api_acme');
    expect(bodies.every((body) => body.startsWith('POST /v1/traces {'))).toBe(true);
    for (const secret of [key, 'secret-city', 'upstream-secret-token']) expect(bodies.join()).not.toContain(secret);
  });

  it('begins a trace where the caller has none, also for a call that it refuses', async () => {
    const key = await stage.subscribe('cus_begins');
    const first = await weather(traced, key);
    const span = await spanOf(first);
    expect(span.parentSpanId ?? '').toBe('');
    expect(upstreamHeaders(first).traceparent).toBe(`00-${span.traceId}-${span.spanId}-01`);
    const refused = await fetch(`${traced.url}/acme/llm/weather`);
    expect(Number(attribute(await spanOf(refused), 'http.response.status_code'))).toBe(401);
  });

  it('does not export what its caller does not sample, and still passes the trace on', async () => {
    const key = await stage.subscribe('cus_unsampled');
    const response = await weather(traced, key, { traceparent: `00-${TRACE}-${CALLER}-00` });
    const [, traceId, spanId, flags] = String(upstreamHeaders(response).traceparent).split('-');
    expect([traceId, flags]).toEqual([TRACE, '00']);
    expect(spanId).not.toBe(CALLER);
    await spanOf(await weather(traced, key));
    expect(exported.filter((span) => span.spanId === spanId)).toEqual([]);
  });
});

describe('a gateway without an endpoint', () => {
  it('passes the context on unchanged', async () => {
    const key = await stage.subscribe('cus_silent');
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1' };
    expect(upstreamHeaders(await weather(silent, key, headers))).toMatchObject(headers);
  });
});
