import { createServer } from 'node:http';

// An upstream as cheap as Node allows: it reads the body and answers a fixed 2 KB chat completion with usage.
const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench-small',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(340) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 200, completion_tokens: 340, total_tokens: 540 },
});
const head = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(answer)) };
let calls = 0;

const server = createServer((request, response) => {
  if (request.url === '/_calls') {
    response.end(String(calls));
    return;
  }
  request.on('data', () => {});
  request.on('end', () => {
    calls++;
    response.writeHead(200, head);
    response.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
