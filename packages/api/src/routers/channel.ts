import {
  closeChannel,
  closeChannelInput,
  closeChannelOutput,
  listChannels,
  listChannelsInput,
  listChannelsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Deposits on a chain that payers spend by vouchers. */
export const channelRouter = router({
  list: query({
    input: listChannelsInput,
    output: listChannelsOutput,
    run: listChannels,
    rest: 'GET /payment-channels',
    summary: 'List payment channels, those used last first',
  }),
  close: mutation({
    input: closeChannelInput,
    output: closeChannelOutput,
    run: closeChannel,
    rest: 'POST /payment-channels/{channelKey}/close',
    summary: 'Close a payment channel: what was spent is settled, and its payer gets the rest',
  }),
});
