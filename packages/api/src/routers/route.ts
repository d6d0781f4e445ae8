import {
  listRoutes,
  listRoutesInput,
  listRoutesOutput,
  updateRoute,
  updateRouteInput,
  updateRouteOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Operations of an API. */
export const routeRouter = router({
  list: query({
    input: listRoutesInput,
    output: listRoutesOutput,
    run: listRoutes,
    rest: 'GET /apis/{apiId}/routes',
    summary: 'List the routes of an API',
  }),
  update: mutation({
    input: updateRouteInput,
    output: updateRouteOutput,
    run: updateRoute,
    rest: 'PATCH /routes/{routeId}',
    summary: 'Set extractor, body limit and the price for strangers',
  }),
});
