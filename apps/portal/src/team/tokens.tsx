import { Badge, EmptyState, Section, Table, Timestamp } from '@tollwright/ui';
import { CreateToken } from './create-token.tsx';
import type { Token } from './outputs.ts';
import { RevokeToken } from './revoke-token.tsx';

export interface TokensProps {
  readonly tokens: readonly Token[];
  readonly portalUrl: string;
  readonly mayWrite: boolean;
  /** Below `/api/v1`: what a new token is tried on. */
  readonly tryPath: string;
  /** What a token with write access may do: `May publish plans and revoke keys.` */
  readonly writeHint: string;
  /** What a program may do with one. */
  readonly does: string;
}

/** Bearer tokens of the management API. */
export function Tokens({ tokens, portalUrl, mayWrite, tryPath, writeHint, does }: TokensProps) {
  return (
    <div>
      <Section
        title="Management tokens"
        description="For programs that do by the management API what you do here."
        action={mayWrite ? <CreateToken portalUrl={portalUrl} tryPath={tryPath} writeHint={writeHint} /> : null}
      >
        <Table
          caption="Management tokens"
          rows={tokens}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', header: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
            {
              key: 'start',
              header: 'Begins with',
              cell: ({ start }) => <span className="font-mono text-xs">{start}…</span>,
            },
            {
              key: 'scopes',
              header: 'Scopes',
              cell: ({ scopes }) => (
                <span className="inline-flex gap-1.5">
                  {scopes.map((scope) => (
                    <Badge key={scope}>{scope}</Badge>
                  ))}
                </span>
              ),
            },
            { key: 'status', header: 'Status', cell: (token) => <TokenStatus token={token} /> },
            { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'revoke',
                    header: 'Revoke',
                    headerHidden: true,
                    numeric: true,
                    cell: (token: Token) => (token.revokedAt === null ? <RevokeToken token={token} /> : null),
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title="No tokens yet">
              A token lets a program {does}. Its document is at{' '}
              <a className="text-link underline underline-offset-2" href="/api/v1/openapi.json">
                /api/v1/openapi.json
              </a>
              .
            </EmptyState>
          }
        />
      </Section>
    </div>
  );
}

function TokenStatus({ token: { revokedAt, expiresAt } }: { readonly token: Token }) {
  if (revokedAt !== null) return <Badge tone="red">Revoked</Badge>;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return <Badge>Expired</Badge>;
  return <Badge tone="green">Active</Badge>;
}
