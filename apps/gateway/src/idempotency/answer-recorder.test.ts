import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ANSWER_BYTES_MAX, AnswerRecorder, type Recorded } from './answer-recorder.ts';

/** Serves one answer, and tells what was recorded of it and whether its end had come before it was let go. */
async function recordedOf(answer: (response: ServerResponse) => void) {
  let recorded: Recorded | null = null;
  let recorder: AnswerRecorder | null = null;
  const server = createServer((_request, response) => {
    recorder = new AnswerRecorder(response);
    answer(response);
    recorded = recorder.recorded;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  let isOver = false;
  const text = reply.text().then((whole) => {
    isOver = true;
    return whole;
  });
  await new Promise((resolve) => setImmediate(resolve));
  const endedEarly = isOver;
  (recorder as AnswerRecorder | null)?.letGo();
  const got = await text;
  server.close();
  return { recorded: recorded as Recorded | null, endedEarly, got };
}

describe('the recorder of an answer', () => {
  it('has the whole answer, whose end waits though its length was said', async () => {
    const { recorded, endedEarly, got } = await recordedOf((response) => {
      response.writeHead(201, ['content-type', 'text/plain', 'Content-Length', '6']);
      response.write(Buffer.from('abc'));
      response.end(Buffer.from('def'));
    });
    expect(recorded?.kind === 'whole' && [recorded.answer.status, recorded.answer.body.toString()]).toEqual([
      201,
      'abcdef',
    ]);
    expect([endedEarly, got]).toEqual([false, 'abcdef']);
  });

  it.each([
    ['streamed', 'text/event-stream; charset=utf-8', 5],
    ['too-large', 'text/plain', ANSWER_BYTES_MAX + 1],
    ['whole', 'text/plain', ANSWER_BYTES_MAX],
  ] as const)('says %s', async (kind, contentType, bytes) => {
    const { recorded, got } = await recordedOf((response) => {
      response.writeHead(200, ['content-type', contentType]);
      response.flushHeaders();
      response.end(Buffer.alloc(bytes, 'x'));
    });
    expect([recorded?.kind, got.length]).toEqual([kind, bytes]);
  });
});
