import {
  getSubject,
  getSubjectInput,
  getSubjectOutput,
  listSubjects,
  listSubjectsInput,
  listSubjectsOutput,
  removeSubject,
  removeSubjectInput,
  upsertSubjects,
  upsertSubjectsInput,
  upsertSubjectsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, nothing, query } from '../verb.ts';

/** Whom ingested events are about. */
export const subjectRouter = router({
  list: query({
    input: listSubjectsInput,
    output: listSubjectsOutput,
    run: listSubjects,
    rest: 'GET /subjects',
    summary: 'List subjects',
  }),
  get: query({
    input: getSubjectInput,
    output: getSubjectOutput,
    run: getSubject,
    rest: 'GET /subjects/{subjectIdOrKey}',
    summary: 'Read a subject',
  }),
  upsert: mutation({
    input: upsertSubjectsInput,
    output: upsertSubjectsOutput,
    run: upsertSubjects,
    rest: 'POST /subjects',
    wholeBody: { member: 'subjects', mediaTypes: [] },
    summary: 'Create or change subjects',
  }),
  remove: mutation({
    input: removeSubjectInput,
    output: nothing,
    run: removeSubject,
    rest: 'DELETE /subjects/{subjectIdOrKey}',
    summary: 'Forget a subject',
  }),
});
