import {
  createKey,
  createKeyInput,
  createKeyOutput,
  listKeys,
  listKeysInput,
  listKeysOutput,
  revokeKey,
  revokeKeyInput,
  revokeKeyOutput,
  updateKey,
  updateKeyInput,
  updateKeyOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Keys of agents. */
export const keyRouter = router({
  list: query({
    input: listKeysInput,
    output: listKeysOutput,
    run: listKeys,
    rest: 'GET /keys',
    summary: 'List keys',
  }),
  create: mutation({
    input: createKeyInput,
    output: createKeyOutput,
    run: createKey,
    rest: 'POST /keys',
    summary: 'Create a key; shown once',
  }),
  update: mutation({
    input: updateKeyInput,
    output: updateKeyOutput,
    run: updateKey,
    rest: 'PATCH /keys/{keyId}',
    summary: 'Rename a key, or note something on it',
  }),
  revoke: mutation({
    input: revokeKeyInput,
    output: revokeKeyOutput,
    run: revokeKey,
    rest: 'DELETE /keys/{keyId}',
    summary: 'Revoke a key at every gateway',
  }),
});
