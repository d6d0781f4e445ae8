import { Callout, TextLink } from '@tollwright/ui';
import { AcceptInvitation } from '../../../account/accept-invitation.tsx';
import { SignUpForm } from '../../../account/sign-up-form.tsx';
import { AuthFrame } from '../../../frame/auth-frame.tsx';
import { caller } from '../../../server/caller.ts';
import { currentUser } from '../../../server/session.ts';

export const metadata = { title: 'Invitation' };

type Props = { readonly searchParams: Promise<{ token?: string }> };

export default async function InvitationPage({ searchParams }: Props) {
  const token = (await searchParams).token ?? '';
  const api = await caller(null);
  const invitation = token === '' ? null : await api.account.showInvitation({ token });
  if (!invitation) {
    return (
      <AuthFrame
        title="This invitation is over"
        description="It was used, has expired or is incomplete."
        footer={
          <>
            Accepted it already? <TextLink href="/sign-in">Sign in</TextLink>
          </>
        }
      >
        <Callout
          tone="warning"
          title="Ask for a new one"
          next="Whoever invited you can send another from the team page."
        />
      </AuthFrame>
    );
  }
  const user = await currentUser();
  const here = `/invitation?token=${encodeURIComponent(token)}`;
  const description = `You are invited as ${invitation.role}.`;
  if (user?.email === invitation.email) {
    return (
      <AuthFrame title={`Join ${invitation.providerName}`} description={description}>
        <AcceptInvitation token={token} organization={invitation.providerName} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={`Join ${invitation.providerName}`}
      description={`${description} The invitation is for ${invitation.email}.`}
      footer={
        <>
          Have an account with this address?{' '}
          <TextLink href={`/sign-in?returnTo=${encodeURIComponent(here)}`}>Sign in</TextLink>
        </>
      }
    >
      <SignUpForm returnTo={here} invitation={{ token, email: invitation.email }} />
    </AuthFrame>
  );
}
