import {
  createApi,
  createApiInput,
  createApiOutput,
  getApi,
  getApiInput,
  getApiOutput,
  importDocument,
  importDocumentInput,
  importDocumentOutput,
  listApis,
  listApisInput,
  listApisOutput,
  reImportApi,
  reImportApiInput,
  reImportApiOutput,
  setCredential,
  setCredentialInput,
  setCredentialOutput,
  updateApi,
  updateApiInput,
  updateApiOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** APIs and where they are forwarded to. */
export const apiRouter = router({
  preview: mutation({
    input: importDocumentInput,
    output: importDocumentOutput,
    run: importDocument,
    rest: 'POST /apis/preview',
    summary: 'Read an OpenAPI document without storing it',
  }),
  create: mutation({
    input: createApiInput,
    output: createApiOutput,
    run: createApi,
    rest: 'POST /apis',
    summary: 'Add an API from an OpenAPI document',
  }),
  list: query({
    input: listApisInput,
    output: listApisOutput,
    run: listApis,
    rest: 'GET /apis',
    summary: 'List APIs',
  }),
  get: query({
    input: getApiInput,
    output: getApiOutput,
    run: getApi,
    rest: 'GET /apis/{apiId}',
    summary: 'Read an API',
  }),
  update: mutation({
    input: updateApiInput,
    output: updateApiOutput,
    run: updateApi,
    rest: 'PATCH /apis/{apiId}',
    summary: 'Change an API',
  }),
  setCredential: mutation({
    input: setCredentialInput,
    output: setCredentialOutput,
    run: setCredential,
    rest: 'PUT /apis/{apiId}/credential',
    summary: 'Set the upstream credential; write-only',
  }),
  reImport: mutation({
    input: reImportApiInput,
    output: reImportApiOutput,
    run: reImportApi,
    rest: 'POST /apis/{apiId}/document',
    summary: 'Import the OpenAPI document again',
  }),
});
