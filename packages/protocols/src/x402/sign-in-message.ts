/** What a wallet signs to say who it is, in the words of CAIP-122. Times are ISO 8601. */
export type SignInStatement = {
  readonly domain: string;
  readonly address: string;
  readonly statement?: string | undefined;
  readonly uri: string;
  readonly version: string;
  /** CAIP-2, such as `eip155:8453`. */
  readonly chainId: string;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime?: string | undefined;
  readonly notBefore?: string | undefined;
  readonly requestId?: string | undefined;
  readonly resources?: readonly string[] | undefined;
};

/** The text that an Ethereum wallet shows and signs. Source: ERC-4361. */
export function signInMessage(said: SignInStatement): string {
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [`${name}: ${value}`]);
  return [
    `${said.domain} wants you to sign in with your Ethereum account:`,
    said.address,
    '',
    ...(said.statement === undefined ? [''] : [said.statement, '']),
    `URI: ${said.uri}`,
    `Version: ${said.version}`,
    `Chain ID: ${said.chainId.slice('eip155:'.length)}`,
    `Nonce: ${said.nonce}`,
    `Issued At: ${said.issuedAt}`,
    ...optional('Expiration Time', said.expirationTime),
    ...optional('Not Before', said.notBefore),
    ...optional('Request ID', said.requestId),
    ...(said.resources === undefined ? [] : ['Resources:', ...said.resources.map((resource) => `- ${resource}`)]),
  ].join('\n');
}
