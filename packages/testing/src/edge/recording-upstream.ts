import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isModelPath, lastMembers, type ModelReading, readingsOf } from './readings.ts';

/** One request as it came, and what it was answered. */
export interface RecordedCall {
  readonly requestId: string;
  readonly method: string;
  readonly target: string;
  /** Names and values, flat. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly status: number;
  /** What the answer reported; null where it reported nothing. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
  /** Whether the whole answer was taken. */
  isAnswered: boolean;
}

/** An upstream that keeps every byte it is asked with, and spends as much as any reading of a request allows. */
export interface RecordingUpstream {
  readonly url: string;
  readonly calls: RecordedCall[];
  /** Bytes that came and were no request, as an error each: what is left over on a connection shows here. */
  readonly strays: string[];
  close(): Promise<void>;
}

type Answer = Pick<RecordedCall, 'status' | 'usage'> & { readonly type: string; readonly text: string };

/** Starts on a free port of 127.0.0.1. A call with the header `x-edge-omit-usage` is answered without usage. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const calls: RecordedCall[] = [];
  const strays: string[] = [];
  /** Connections in the middle of a body: one that breaks off there leaves nothing over. */
  const receiving = new WeakSet<object>();
  const server = createServer((request, response) => {
    receiving.add(request.socket);
    request.once('end', () => receiving.delete(request.socket));
    void record(request, response, calls).catch(() => response.destroy());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const isCut = error.code === 'HPE_INVALID_EOF_STATE' && receiving.has(socket);
    if (error.code?.startsWith('HPE_') && !isCut) strays.push(error.code);
    socket.destroy();
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    strays,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function record(request: IncomingMessage, response: ServerResponse, calls: RecordedCall[]): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { method = '', url: target = '', headers, rawHeaders } = request;
  const answer = answerTo(method, target, body, headers['x-edge-omit-usage'] !== undefined);
  const requestId = String(headers['x-request-id']);
  const call: RecordedCall = {
    ...{ requestId, method, target, headers: rawHeaders, body },
    ...{ status: answer.status, usage: answer.usage, isAnswered: false },
  };
  calls.push(call);
  response.on('close', () => {
    call.isAnswered = response.writableFinished;
  });
  response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.text) });
  response.end(answer.text);
}

function answerTo(method: string, target: string, body: Buffer, omitsUsage: boolean): Answer {
  const path = target.split('?')[0] ?? '';
  const readings = readingsOf(path, body);
  if (method === 'POST' && isModelPath(path)) {
    if (readings.length === 0) return json(400, { error: { message: 'the body is no object' } }, null);
    return completion(path, body, readings, omitsUsage);
  }
  const isPlain = method === 'POST' ? path === '/notes' : /^\/(?:weather|quotes\/[^/]+)$/.test(path);
  return isPlain ? json(200, { ok: true }, null) : json(404, { error: { message: 'no such route' } }, null);
}

/** Writes what the most generous reading allows, and says so. A quarter of the bytes is input. */
function completion(path: string, body: Buffer, readings: readonly ModelReading[], omitsUsage: boolean): Answer {
  const inputTokens = Math.floor(body.length / 4);
  const outputTokens = Math.max(...readings.map((reading) => reading.outputTokens));
  const usage = omitsUsage ? null : { inputTokens, outputTokens };
  const reported = path === '/v1/responses' || path === '/v1/messages' ? newer(usage) : older(usage);
  const model = readings[0]?.model;
  const isStream = readings.some(({ stream }) => stream) && path === '/v1/chat/completions';
  if (!isStream) {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'paid' }, finish_reason: 'stop' }];
    return json(200, { object: 'chat.completion', model, choices, ...reported }, usage);
  }
  const choices = [{ index: 0, delta: { content: 'paid' }, finish_reason: null }];
  const chunk = (rest: object) => `data: ${JSON.stringify({ object: 'chat.completion.chunk', model, ...rest })}\n\n`;
  const asked = (lastMembers(body).get('stream_options') as { include_usage?: unknown } | undefined)?.include_usage;
  const last = asked === true && !omitsUsage ? chunk({ choices: [], ...reported }) : '';
  const text = `${chunk({ choices })}${last}data: [DONE]\n\n`;
  return { status: 200, usage: last === '' ? null : usage, type: 'text/event-stream', text };
}

type Usage = RecordedCall['usage'];

function older(usage: Usage): object {
  if (usage === null) return {};
  const { inputTokens, outputTokens } = usage;
  const total_tokens = inputTokens + outputTokens;
  return { usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens } };
}

function newer(usage: Usage): object {
  if (usage === null) return { object: 'response', type: 'message' };
  const { inputTokens: input_tokens, outputTokens: output_tokens } = usage;
  const total_tokens = input_tokens + output_tokens;
  return { object: 'response', type: 'message', usage: { input_tokens, output_tokens, total_tokens } };
}

function json(status: number, document: object, usage: Usage): Answer {
  return { status, usage, type: 'application/json', text: JSON.stringify(document) };
}
