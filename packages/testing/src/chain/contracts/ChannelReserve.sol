// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Signatures} from "./Signatures.sol";

interface ITIP20 {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Stands in for Tempo's channel reserve (TIP-1034), which anvil's Tempo does not have yet: same functions, events,
/// errors and rules, for vouchers signed by a key. What a contract cannot do itself is done for it from outside,
/// before the transaction is passed on: the hash of the transaction that opens a channel is written into
/// `openings`, and the payer's allowance is set. In a simulation there is no such hash, and zero is taken.
contract ChannelReserve {
    struct ChannelDescriptor {
        address payer;
        address payee;
        address operator;
        address token;
        bytes32 salt;
        address authorizedSigner;
        bytes32 expiringNonceHash;
    }

    struct ChannelState {
        uint96 settled;
        uint96 deposit;
        uint32 closeRequestedAt;
    }

    struct Channel {
        ChannelDescriptor descriptor;
        ChannelState state;
    }

    uint64 public constant CLOSE_GRACE_PERIOD = 15 minutes;
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint96 cumulativeAmount)");
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// By `keccak256(abi.encode(payer, salt))`. Has to stay the first variable.
    mapping(bytes32 key => bytes32 transactionHash) private openings;
    mapping(bytes32 channelId => ChannelState) private states;

    event ChannelOpened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        address operator,
        address token,
        address authorizedSigner,
        bytes32 salt,
        bytes32 expiringNonceHash,
        uint96 deposit
    );
    event Settled(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        uint96 cumulativeAmount,
        uint96 deltaPaid,
        uint96 newSettled
    );
    event TopUp(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        uint96 additionalDeposit,
        uint96 newDeposit
    );
    event CloseRequested(
        bytes32 indexed channelId, address indexed payer, address indexed payee, uint256 closeGraceEnd
    );
    event CloseRequestCancelled(bytes32 indexed channelId, address indexed payer, address indexed payee);
    event ChannelClosed(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        uint96 settledToPayee,
        uint96 refundedToPayer
    );

    error AmountExceedsDeposit();
    error AmountNotIncreasing();
    error CaptureAmountInvalid();
    error ChannelAlreadyExists();
    error ChannelNotFound();
    error CloseNotReady();
    error DepositOverflow();
    error InvalidPayee();
    error InvalidSignature();
    error NotPayeeOrOperator();
    error NotPayer();
    error TransferFailed();
    error ZeroDeposit();

    function open(
        address payee,
        address operator,
        address token,
        uint96 deposit,
        bytes32 salt,
        address authorizedSigner
    ) external returns (bytes32 channelId) {
        if (payee == address(0) || bytes12(bytes20(payee)) == bytes12(0x20c000000000000000000000)) {
            revert InvalidPayee();
        }
        if (deposit == 0) revert ZeroDeposit();
        bytes32 opening = openings[keccak256(abi.encode(msg.sender, salt))];
        ChannelDescriptor memory descriptor =
            ChannelDescriptor(msg.sender, payee, operator, token, salt, authorizedSigner, opening);
        channelId = _id(descriptor);
        if (states[channelId].deposit != 0) revert ChannelAlreadyExists();
        states[channelId].deposit = deposit;
        _pull(descriptor, deposit);
        _emitOpened(channelId, descriptor, deposit);
    }

    function settle(ChannelDescriptor calldata descriptor, uint96 cumulativeAmount, bytes calldata signature) external {
        (bytes32 channelId, ChannelState storage state) = _existing(descriptor);
        _onlyPayeeOrOperator(descriptor);
        if (cumulativeAmount > state.deposit) revert AmountExceedsDeposit();
        if (cumulativeAmount <= state.settled) revert AmountNotIncreasing();
        _checkVoucher(descriptor, channelId, cumulativeAmount, signature);
        uint96 delta = cumulativeAmount - state.settled;
        state.settled = cumulativeAmount;
        _push(descriptor.token, descriptor.payee, delta);
        emit Settled(channelId, descriptor.payer, descriptor.payee, cumulativeAmount, delta, cumulativeAmount);
    }

    /// Also takes back a request to close; a top-up of nothing does only that.
    function topUp(ChannelDescriptor calldata descriptor, uint96 additionalDeposit) external {
        (bytes32 channelId, ChannelState storage state) = _existing(descriptor);
        _onlyPayer(descriptor);
        bool closing = state.closeRequestedAt != 0;
        if (additionalDeposit == 0 && !closing) return;
        if (additionalDeposit > type(uint96).max - state.deposit) revert DepositOverflow();
        state.deposit += additionalDeposit;
        state.closeRequestedAt = 0;
        _pull(descriptor, additionalDeposit);
        if (closing) emit CloseRequestCancelled(channelId, descriptor.payer, descriptor.payee);
        emit TopUp(channelId, descriptor.payer, descriptor.payee, additionalDeposit, state.deposit);
    }

    function requestClose(ChannelDescriptor calldata descriptor) external {
        (bytes32 channelId, ChannelState storage state) = _existing(descriptor);
        _onlyPayer(descriptor);
        if (state.closeRequestedAt != 0) return;
        state.closeRequestedAt = uint32(block.timestamp);
        emit CloseRequested(channelId, descriptor.payer, descriptor.payee, block.timestamp + CLOSE_GRACE_PERIOD);
    }

    function close(
        ChannelDescriptor calldata descriptor,
        uint96 cumulativeAmount,
        uint96 captureAmount,
        bytes calldata signature
    ) external {
        (bytes32 channelId, ChannelState storage state) = _existing(descriptor);
        _onlyPayeeOrOperator(descriptor);
        if (captureAmount < state.settled || captureAmount > cumulativeAmount) revert CaptureAmountInvalid();
        if (captureAmount > state.deposit) revert AmountExceedsDeposit();
        if (captureAmount > state.settled) _checkVoucher(descriptor, channelId, cumulativeAmount, signature);
        _end(descriptor, channelId, captureAmount);
    }

    function withdraw(ChannelDescriptor calldata descriptor) external {
        (bytes32 channelId, ChannelState storage state) = _existing(descriptor);
        _onlyPayer(descriptor);
        if (state.closeRequestedAt == 0 || block.timestamp < state.closeRequestedAt + CLOSE_GRACE_PERIOD) {
            revert CloseNotReady();
        }
        _end(descriptor, channelId, state.settled);
    }

    function getChannel(ChannelDescriptor calldata descriptor) external view returns (Channel memory) {
        return Channel(descriptor, states[_id(descriptor)]);
    }

    function getChannelState(bytes32 channelId) external view returns (ChannelState memory) {
        return states[channelId];
    }

    function getChannelStatesBatch(bytes32[] calldata channelIds) external view returns (ChannelState[] memory found) {
        found = new ChannelState[](channelIds.length);
        for (uint256 index = 0; index < channelIds.length; index++) {
            found[index] = states[channelIds[index]];
        }
    }

    function computeChannelId(
        address payer,
        address payee,
        address operator,
        address token,
        bytes32 salt,
        address authorizedSigner,
        bytes32 expiringNonceHash
    ) external view returns (bytes32) {
        return _id(ChannelDescriptor(payer, payee, operator, token, salt, authorizedSigner, expiringNonceHash));
    }

    function getVoucherDigest(bytes32 channelId, uint96 cumulativeAmount) public view returns (bytes32) {
        bytes32 voucher = keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, cumulativeAmount));
        return keccak256(abi.encodePacked("\x19\x01", domainSeparator(), voucher));
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH, keccak256("TIP20 Channel Reserve"), keccak256("1"), block.chainid, address(this)
            )
        );
    }

    function _end(ChannelDescriptor calldata descriptor, bytes32 channelId, uint96 captured) private {
        ChannelState memory state = states[channelId];
        delete states[channelId];
        uint96 refund = state.deposit - captured;
        if (captured > state.settled) _push(descriptor.token, descriptor.payee, captured - state.settled);
        if (refund > 0) _push(descriptor.token, descriptor.payer, refund);
        emit ChannelClosed(channelId, descriptor.payer, descriptor.payee, captured, refund);
    }

    function _existing(ChannelDescriptor calldata descriptor)
        private
        view
        returns (bytes32 channelId, ChannelState storage state)
    {
        channelId = _id(descriptor);
        state = states[channelId];
        if (state.deposit == 0) revert ChannelNotFound();
    }

    function _onlyPayer(ChannelDescriptor calldata descriptor) private view {
        if (msg.sender != descriptor.payer) revert NotPayer();
    }

    function _onlyPayeeOrOperator(ChannelDescriptor calldata descriptor) private view {
        bool operates = descriptor.operator != address(0) && msg.sender == descriptor.operator;
        if (msg.sender != descriptor.payee && !operates) revert NotPayeeOrOperator();
    }

    function _checkVoucher(
        ChannelDescriptor calldata descriptor,
        bytes32 channelId,
        uint96 cumulativeAmount,
        bytes calldata signature
    ) private view {
        address signer = descriptor.authorizedSigner == address(0) ? descriptor.payer : descriptor.authorizedSigner;
        address recovered = Signatures.recover(getVoucherDigest(channelId, cumulativeAmount), signature);
        if (recovered == address(0) || recovered != signer) revert InvalidSignature();
    }

    function _id(ChannelDescriptor memory descriptor) private view returns (bytes32) {
        return keccak256(abi.encode(descriptor, address(this), block.chainid));
    }

    function _emitOpened(bytes32 channelId, ChannelDescriptor memory descriptor, uint96 deposit) private {
        emit ChannelOpened(
            channelId,
            descriptor.payer,
            descriptor.payee,
            descriptor.operator,
            descriptor.token,
            descriptor.authorizedSigner,
            descriptor.salt,
            descriptor.expiringNonceHash,
            deposit
        );
    }

    function _pull(ChannelDescriptor memory descriptor, uint96 amount) private {
        if (amount == 0) return;
        if (!ITIP20(descriptor.token).transferFrom(descriptor.payer, address(this), amount)) revert TransferFailed();
    }

    function _push(address token, address to, uint96 amount) private {
        if (!ITIP20(token).transfer(to, amount)) revert TransferFailed();
    }
}
