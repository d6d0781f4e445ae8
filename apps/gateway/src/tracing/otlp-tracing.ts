import { createTraceState, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type RemoteContext, remoteContext } from './trace-context.ts';
import type { CallSpan, SpanEnd, Tracing } from './tracing.ts';

/** Exports spans by OTLP over HTTP to `<endpoint>/v1/traces`. Names are those of OpenTelemetry's semantic conventions. */
export function openOtlpTracing(options: {
  readonly endpoint: string;
  readonly serviceName: string;
  readonly instance: string;
}): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'service.instance.id': options.instance }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('tollwright-gateway');
  return {
    begin(method, headers) {
      const remote = remoteContext(headers);
      const parent = remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parentOf(remote));
      const attributes = { 'http.request.method': method, 'url.scheme': 'http' };
      return callSpan(tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent), method, remote);
    },
    shutdown: () => provider.shutdown(),
  };
}

function parentOf({ traceId, spanId, flags, state }: RemoteContext) {
  const traceState = state === null ? {} : { traceState: createTraceState(state) };
  return { traceId, spanId, traceFlags: flags, isRemote: true, ...traceState };
}

function callSpan(span: Span, method: string, remote: RemoteContext | null): CallSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const headers = ['traceparent', `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`];
  if (remote?.state != null) headers.push('tracestate', remote.state);
  return { headers, end: (end) => finish(span, method, end) };
}

function finish(span: Span, method: string, { status, requestId, apiId, route }: SpanEnd): void {
  if (route !== null) {
    span.updateName(`${method} ${route}`);
    span.setAttribute('http.route', route);
  }
  if (apiId !== null) span.setAttribute('tollwright.api.id', apiId);
  span.setAttribute('tollwright.request.id', requestId);
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
