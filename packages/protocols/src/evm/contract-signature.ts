/** What a contract answers to `isValidSignature` where the signature is good. Source: ERC-1271. */
export const goodSignatureAnswer = '0x1626ba7e';

const wrapMagic = '6492'.repeat(16);

/** Whether a signature has the length of a key's: 65 bytes. */
export function isKeySized(signature: string): boolean {
  return signature.length === 132;
}

/** Whether a signature comes with the deployment of the wallet that made it. Source: ERC-6492. */
export function isWrapped(signature: string): boolean {
  return signature.endsWith(wrapMagic);
}

/** The call data of `isValidSignature(bytes32,bytes)`. */
export function contractSignatureCall(digest: Uint8Array, signature: string): string {
  const bytes = signature.slice(2).toLowerCase();
  const length = bytes.length / 2;
  const padded = bytes.padEnd(Math.ceil(length / 32) * 64, '0');
  const words = [Buffer.from(digest).toString('hex'), word(64), word(length), padded];
  return `${goodSignatureAnswer}${words.join('')}`;
}

function word(value: number): string {
  return value.toString(16).padStart(64, '0');
}
