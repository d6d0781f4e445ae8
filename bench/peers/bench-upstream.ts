import { createServer, type ServerResponse } from 'node:http';

// An upstream as cheap as Node allows. It reads the body and answers a fixed 2 KB chat completion with usage, or, on
// the stream's path, the same as 200 events, each written in a turn of its own.
const EVENTS = 200;

const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench-small',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(340) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 200, completion_tokens: 340, total_tokens: 540 },
});
const answerHead = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(answer)) };
const events = Array.from({ length: EVENTS }, (_, index) => eventOf(index));
let calls = 0;

function eventOf(index: number): string {
  const isLast = index === EVENTS - 1;
  const chunk = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench-small',
    choices: isLast ? [] : [{ index: 0, delta: { content: 'two words' }, finish_reason: null }],
    ...(isLast ? { usage: { prompt_tokens: 200, completion_tokens: 340, total_tokens: 540 } } : {}),
  };
  return `data: ${JSON.stringify(chunk)}\n\n${isLast ? 'data: [DONE]\n\n' : ''}`;
}

function stream(response: ServerResponse, index: number): void {
  if (index === EVENTS) {
    response.end();
    return;
  }
  response.write(events[index] as string);
  setImmediate(() => stream(response, index + 1));
}

const server = createServer((request, response) => {
  if (request.url === '/_calls') {
    response.end(String(calls));
    return;
  }
  request.on('data', () => {});
  request.on('end', () => {
    calls++;
    if (request.url?.endsWith('/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream(response, 0);
      return;
    }
    response.writeHead(200, answerHead);
    response.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
