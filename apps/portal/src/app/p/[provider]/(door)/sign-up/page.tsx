import { TextLink } from '@tollwright/ui';
import { safeReturnTo } from '../../../../../account/return-to.ts';
import { SignUpForm } from '../../../../../account/sign-up-form.tsx';
import { AuthFrame } from '../../../../../frame/auth-frame.tsx';
import { storefrontOf } from '../../../../../server/storefront.ts';

export const metadata = { title: 'Sign up' };

type Props = {
  readonly params: Promise<{ provider: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ConsumerSignUpPage({ params, searchParams }: Props) {
  const { provider } = await storefrontOf((await params).provider);
  const base = `/p/${provider.slug}`;
  const returnTo = safeReturnTo((await searchParams).returnTo, `${base}/join`);
  return (
    <AuthFrame
      provider={{ name: provider.name, colour: provider.brandColor }}
      title={`Create your ${provider.name} account`}
      description="Give each of your agents its own key and budget."
      footer={
        <>
          Have an account?{' '}
          <TextLink href={`${base}/sign-in?returnTo=${encodeURIComponent(returnTo)}`}>Sign in</TextLink>
        </>
      }
    >
      <SignUpForm returnTo={returnTo} />
    </AuthFrame>
  );
}
