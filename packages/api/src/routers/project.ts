import {
  createProject,
  createProjectInput,
  createProjectOutput,
  listProjects,
  listProjectsInput,
  listProjectsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Groups of agents. */
export const projectRouter = router({
  list: query({
    input: listProjectsInput,
    output: listProjectsOutput,
    run: listProjects,
    rest: 'GET /projects',
    summary: 'List projects',
  }),
  create: mutation({
    input: createProjectInput,
    output: createProjectOutput,
    run: createProject,
    rest: 'POST /projects',
    summary: 'Create a project',
  }),
});
