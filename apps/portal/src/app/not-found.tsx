import { LinkButton } from '@tollwright/ui';
import { AuthFrame } from '../frame/auth-frame.tsx';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <AuthFrame
      title="There is nothing here"
      description="Check the address. What belongs to another organization is not found either."
    >
      <LinkButton href="/" size="lg">
        Go to the start
      </LinkButton>
    </AuthFrame>
  );
}
