import { TextLink } from '@tollwright/ui';
import { safeReturnTo } from '../../../../../account/return-to.ts';
import { SignInForm } from '../../../../../account/sign-in-form.tsx';
import { AuthFrame } from '../../../../../frame/auth-frame.tsx';
import { storefrontOf } from '../../../../../server/storefront.ts';

export const metadata = { title: 'Sign in' };

type Props = {
  readonly params: Promise<{ provider: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ConsumerSignInPage({ params, searchParams }: Props) {
  const { provider } = await storefrontOf((await params).provider);
  const base = `/p/${provider.slug}`;
  const returnTo = safeReturnTo((await searchParams).returnTo, `${base}/join`);
  const onwards = `returnTo=${encodeURIComponent(returnTo)}`;
  return (
    <AuthFrame
      provider={{ name: provider.name, colour: provider.brandColor }}
      title={`Sign in to ${provider.name}`}
      description="Your agents, their keys and what they spend."
      footer={
        <>
          New here? <TextLink href={`${base}/sign-up?${onwards}`}>Create an account</TextLink> ·{' '}
          <TextLink href={`/forgot-password?${onwards}`}>Forgot your password?</TextLink>
        </>
      }
    >
      <SignInForm returnTo={returnTo} />
    </AuthFrame>
  );
}
