import { listIncidents, listIncidentsInput, listIncidentsOutput } from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What went wrong and cost somebody something. */
export const incidentRouter = router({
  list: query({
    input: listIncidentsInput,
    output: listIncidentsOutput,
    run: listIncidents,
    rest: 'GET /incidents',
    summary: 'List incidents: holds of a lost gateway that count as spent, and settled payments without an answer',
  }),
});
