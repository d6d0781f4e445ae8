declare module 'secp256k1' {
  const secp256k1: {
    /** Throws when the signature cannot be read or gives no key. */
    ecdsaRecover(signature: Uint8Array, recoveryId: number, message: Uint8Array, compressed: boolean): Uint8Array;
  };
  export default secp256k1;
}
