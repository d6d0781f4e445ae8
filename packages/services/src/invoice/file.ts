import { z } from 'zod';

/** What is downloaded. `chunks` may be asked once; it reads on as far as its reader wants more. */
export interface FileAnswer {
  readonly filename: string;
  readonly mediaType: string;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** The schema of an operation that answers a file. */
export const fileOutput = z
  .custom<FileAnswer>((value) => typeof (value as FileAnswer | null)?.chunks === 'function')
  .meta({ override: { type: 'string', format: 'binary' } });
