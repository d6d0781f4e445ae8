import {
  archiveAgent,
  archiveAgentInput,
  archiveAgentOutput,
  createAgent,
  createAgentInput,
  createAgentOutput,
  getAgent,
  getAgentInput,
  getAgentOutput,
  listAgents,
  listAgentsInput,
  listAgentsOutput,
  updateAgent,
  updateAgentInput,
  updateAgentOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Agents of a customer. */
export const agentRouter = router({
  list: query({
    input: listAgentsInput,
    output: listAgentsOutput,
    run: listAgents,
    rest: 'GET /agents',
    summary: 'List agents',
  }),
  get: query({
    input: getAgentInput,
    output: getAgentOutput,
    run: getAgent,
    rest: 'GET /agents/{agentId}',
    summary: 'Read an agent',
  }),
  create: mutation({
    input: createAgentInput,
    output: createAgentOutput,
    run: createAgent,
    rest: 'POST /agents',
    summary: 'Create an agent',
  }),
  update: mutation({
    input: updateAgentInput,
    output: updateAgentOutput,
    run: updateAgent,
    rest: 'PATCH /agents/{agentId}',
    summary: 'Change an agent',
  }),
  archive: mutation({
    input: archiveAgentInput,
    output: archiveAgentOutput,
    run: archiveAgent,
    rest: 'DELETE /agents/{agentId}',
    summary: 'Archive an agent; its keys stop working',
  }),
});
