import { NewProviderForm } from '../../../../console/new-provider-form.tsx';
import { AuthFrame } from '../../../../frame/auth-frame.tsx';
import { requireUser } from '../../../../server/organizations.ts';

export const metadata = { title: 'Name your organization' };

export default async function NewProviderPage() {
  await requireUser('/console/new');
  return (
    <AuthFrame
      title="Name your organization"
      description="Your customers see this name, and it is part of your API's address."
    >
      <NewProviderForm />
    </AuthFrame>
  );
}
