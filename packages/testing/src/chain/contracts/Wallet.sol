// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {IContractSigner, Signatures} from "./Signatures.sol";

/// A contract wallet of one owner. Its signature is longer than a key holder's, as smart wallets have it:
/// `abi.encode(uint256 ownerIndex, bytes signature)`.
contract Wallet is IContractSigner {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (uint256 ownerIndex, bytes memory inner) = abi.decode(signature, (uint256, bytes));
        bool valid = ownerIndex == 0 && Signatures.signedBy(owner, digest, inner);
        return valid ? IContractSigner.isValidSignature.selector : bytes4(0xffffffff);
    }
}
