import {
  listIncidents,
  listIncidentsInput,
  listIncidentsOutput,
  resolveIncident,
  resolveIncidentInput,
  resolveIncidentOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What went wrong and cost somebody something. */
export const incidentRouter = router({
  list: query({
    input: listIncidentsInput,
    output: listIncidentsOutput,
    run: listIncidents,
    rest: 'GET /incidents',
    summary:
      'List incidents: holds of a lost gateway that count as spent, silent gateways, settled payments without an answer',
  }),
  resolve: mutation({
    input: resolveIncidentInput,
    output: resolveIncidentOutput,
    run: resolveIncident,
    rest: 'POST /incidents/{incidentId}/resolve',
    summary: 'Resolve an incident',
  }),
});
