import { listNotices, listNoticesInput, listNoticesOutput } from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What budgets and quotas announce. */
export const noticeRouter = router({
  list: query({
    input: listNoticesInput,
    output: listNoticesOutput,
    run: listNotices,
    rest: 'GET /notices',
    summary: 'List thresholds that budgets and quotas reached',
  }),
});
