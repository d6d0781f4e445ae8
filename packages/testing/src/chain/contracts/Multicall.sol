// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// The function of Multicall3 by which the x402 facilitator finds out why a payment would fail.
contract Multicall {
    struct Call {
        address target;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    function tryAggregate(bool requireSuccess, Call[] calldata calls)
        external
        payable
        returns (Result[] memory results)
    {
        results = new Result[](calls.length);
        for (uint256 index = 0; index < calls.length; index++) {
            (results[index].success, results[index].returnData) = calls[index].target.call(calls[index].callData);
            require(!requireSuccess || results[index].success, "call failed");
        }
    }
}
