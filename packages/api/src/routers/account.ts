import {
  acceptInvitation,
  acceptInvitationOutput,
  createProvider,
  createProviderInput,
  createProviderOutput,
  getStorefront,
  getStorefrontInput,
  invitationTokenInput,
  listOrganizations,
  organizationsOutput,
  requestReset,
  requestResetInput,
  requestResetOutput,
  resetPassword,
  resetPasswordInput,
  resetPasswordOutput,
  showInvitation,
  shownInvitationOutput,
  signUp,
  signUpCustomer,
  signUpCustomerInput,
  signUpCustomerOutput,
  signUpInput,
  signUpOutput,
  storefrontOutput,
  verifyEmail,
  verifyEmailInput,
  verifyEmailOutput,
} from '@tollwright/services';
import { procedure, router, signedIn } from '../trpc.ts';

/** People and their doors. Nothing here belongs to an organization, so it is the portal's own and no REST operation. */
export const accountRouter = router({
  signUp: procedure
    .input(signUpInput)
    .output(signUpOutput)
    .mutation(({ ctx, input }) => signUp(ctx.services, input)),
  verifyEmail: procedure
    .input(verifyEmailInput)
    .output(verifyEmailOutput)
    .mutation(({ ctx, input }) => verifyEmail(ctx.services, input)),
  requestReset: procedure
    .input(requestResetInput)
    .output(requestResetOutput)
    .mutation(({ ctx, input }) => requestReset(ctx.services, input)),
  resetPassword: procedure
    .input(resetPasswordInput)
    .output(resetPasswordOutput)
    .mutation(({ ctx, input }) => resetPassword(ctx.services, input)),
  showInvitation: procedure
    .input(invitationTokenInput)
    .output(shownInvitationOutput.nullable())
    .query(({ ctx, input }) => showInvitation(ctx.services, input)),
  acceptInvitation: signedIn
    .input(invitationTokenInput)
    .output(acceptInvitationOutput)
    .mutation(({ ctx, input }) => acceptInvitation(ctx.services, ctx.actor, input)),
  createProvider: signedIn
    .input(createProviderInput)
    .output(createProviderOutput)
    .mutation(({ ctx, input }) => createProvider(ctx.services, ctx.actor, input)),
  becomeCustomer: signedIn
    .input(signUpCustomerInput)
    .output(signUpCustomerOutput)
    .mutation(({ ctx, input }) => signUpCustomer(ctx.services, ctx.actor, input)),
  organizations: signedIn.output(organizationsOutput).query(({ ctx }) => listOrganizations(ctx.services, ctx.actor)),
  storefront: procedure
    .input(getStorefrontInput)
    .output(storefrontOutput)
    .query(({ ctx, input }) => getStorefront(ctx.services, input)),
});
