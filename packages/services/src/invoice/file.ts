import { z } from 'zod';

/** What is downloaded. `chunks` may be asked once; it reads on as far as its reader wants more. */
export interface FileAnswer {
  readonly filename: string;
  readonly mediaType: string;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** The schema of an operation that answers a file: it lets through what no schema can say. */
export const fileOutput = z.looseObject({ filename: z.string(), mediaType: z.string() }) as unknown as z.ZodType<
  FileAnswer,
  FileAnswer
>;
