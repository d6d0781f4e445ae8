import { MalformedResponse } from './malformed.ts';
import { type ResponseEvents, ResponseParser } from './response-parser.ts';

/** What a parser told of one answer, with its body in one piece; `excess` are bytes that followed it. */
export interface Told {
  readonly status: number | null;
  readonly headers: Record<string, unknown>;
  readonly framing: string | null;
  readonly body: string;
  readonly complete: boolean;
  readonly excess: boolean;
  readonly refusal: string | null;
}

/** Feeds an answer in parts, then the end of the connection if `closes`. */
export function parse(
  parts: readonly Buffer[],
  options: { readonly method?: string; readonly closes?: boolean } = {},
): Told {
  const told = { status: null as number | null, headers: {}, framing: null as string | null, complete: false };
  const body: Buffer[] = [];
  const events: ResponseEvents = {
    onHead(head) {
      told.status = head.status;
      told.headers = { ...head.headers };
      told.framing = head.framing.kind;
    },
    onBody: (bytes) => void body.push(Buffer.from(bytes)),
    onComplete() {
      told.complete = true;
    },
  };
  const parser = new ResponseParser(events);
  parser.begin(options.method ?? 'GET');
  let refusal: string | null = null;
  let excess = false;
  try {
    for (const part of parts) {
      if (parser.busy) parser.push(part);
      else if (part.length > 0) excess = true;
    }
    if (parser.busy && options.closes === true) parser.end();
  } catch (error) {
    if (!(error instanceof MalformedResponse)) throw error;
    refusal = error.message.replace("the upstream's answer is malformed: ", '');
  }
  return { ...told, body: Buffer.concat(body).toString('latin1'), excess: excess || parser.hasExcess, refusal };
}

/** Latin1 text as bytes. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
