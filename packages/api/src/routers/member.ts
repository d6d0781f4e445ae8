import {
  inviteMember,
  inviteMemberInput,
  inviteMemberOutput,
  listMembers,
  listMembersInput,
  listMembersOutput,
  removeMember,
  removeMemberInput,
  removeMemberOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** People of an organization: a provider, or a customer when one is named. */
export const memberRouter = router({
  list: query({
    input: listMembersInput,
    output: listMembersOutput,
    run: listMembers,
    summary: 'Members and open invitations',
  }),
  invite: mutation({
    input: inviteMemberInput,
    output: inviteMemberOutput,
    run: inviteMember,
    summary: 'Invite a person by mail',
  }),
  remove: mutation({
    input: removeMemberInput,
    output: removeMemberOutput,
    run: removeMember,
    summary: 'Remove a person',
  }),
});
