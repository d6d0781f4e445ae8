import { Badge, Section, Table, Timestamp } from '@tollwright/ui';
import { InviteForm } from './invite-form.tsx';
import type { Member, Members } from './outputs.ts';
import { RemoveMember } from './remove-member.tsx';

export interface PeopleProps {
  readonly members: Members;
  readonly organization: string;
  readonly mayWrite: boolean;
}

/** Who may look, and who may change things. */
export function People({ members: { members, invitations }, organization, mayWrite }: PeopleProps) {
  return (
    <div>
      <Section title="People" description="Owners change things; every other role looks.">
        <Table
          caption="People"
          rows={members}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', header: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
            { key: 'email', header: 'E-mail', cell: ({ email }) => <span className="break-all">{email}</span> },
            {
              key: 'role',
              header: 'Role',
              cell: ({ role }) => (
                <Badge tone={role === 'owner' ? 'blue' : 'neutral'} className="capitalize">
                  {role}
                </Badge>
              ),
            },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'remove',
                    header: 'Remove',
                    headerHidden: true,
                    numeric: true,
                    cell: (member: Member) => <RemoveMember member={member} organization={organization} />,
                  },
                ]
              : []),
          ]}
          empty={null}
        />
      </Section>
      {invitations.length > 0 ? (
        <Section title="Open invitations" description="Each link works once, for seven days.">
          <Table
            caption="Open invitations"
            rows={invitations}
            rowKey={({ id }) => id}
            columns={[
              { key: 'email', header: 'E-mail', cell: ({ email }) => <span className="break-all">{email}</span> },
              { key: 'role', header: 'Role', cell: ({ role }) => <Badge className="capitalize">{role}</Badge> },
              { key: 'sent', header: 'Sent', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
              { key: 'until', header: 'Works until', cell: ({ expiresAt }) => <Timestamp at={expiresAt} /> },
            ]}
            empty={null}
          />
        </Section>
      ) : null}
      {mayWrite ? (
        <Section title="Invite somebody" description="They get a link by mail.">
          <InviteForm />
        </Section>
      ) : null}
    </div>
  );
}
