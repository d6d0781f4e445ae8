import {
  createExtractor,
  createExtractorInput,
  createExtractorOutput,
  listExtractors,
  listExtractorsInput,
  listExtractorsOutput,
  testExtractor,
  testExtractorInput,
  testExtractorOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What turns an answer into event fields. */
export const extractorRouter = router({
  list: query({
    input: listExtractorsInput,
    output: listExtractorsOutput,
    run: listExtractors,
    rest: 'GET /extractors',
    summary: 'List extractors',
  }),
  create: mutation({
    input: createExtractorInput,
    output: createExtractorOutput,
    run: createExtractor,
    rest: 'POST /extractors',
    summary: 'Create an extractor',
  }),
  test: mutation({
    input: testExtractorInput,
    output: testExtractorOutput,
    run: testExtractor,
    rest: 'POST /extractors/test',
    summary: 'Try an extractor on an answer',
  }),
});
