// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IContractSigner {
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4);
}

/// Whose signature it is: of a key holder by recovery, of a contract wallet by asking it (ERC-1271).
library Signatures {
    uint256 private constant LOW_S_MAX = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    function signedBy(address signer, bytes32 digest, bytes memory signature) internal view returns (bool) {
        if (signer.code.length > 0) {
            return IContractSigner(signer).isValidSignature(digest, signature)
                == IContractSigner.isValidSignature.selector;
        }
        address recovered = recover(digest, signature);
        return recovered != address(0) && recovered == signer;
    }

    /// The zero address where the signature has another length than 65, a high s or a v that is none.
    function recover(bytes32 digest, bytes memory signature) internal pure returns (address) {
        if (signature.length != 65) return address(0);
        bytes32 r;
        bytes32 s;
        uint8 v;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        if (uint256(s) > LOW_S_MAX || (v != 27 && v != 28)) return address(0);
        return ecrecover(digest, v, r, s);
    }
}
