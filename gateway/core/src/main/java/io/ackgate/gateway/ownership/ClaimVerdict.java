package io.ackgate.gateway.ownership;

/** What a gateway does about a partition that is idle at it. */
public sealed interface ClaimVerdict {
    /** It claims the next epoch now. */
    record Claim() implements ClaimVerdict {}

    /** It asks again at that time, or when it is told of something new. */
    record Wait(long untilNanos) implements ClaimVerdict {}

    /** It is another gateway's; nothing is due before it is told of something new. */
    record NotOurs() implements ClaimVerdict {}

    /**
     * Nobody has it, and this gateway has no stream to anybody who could lead: it asks again when a
     * stream opens.
     *
     * @param detail whom it does not reach, without times and epochs
     */
    record Unreachable(String detail) implements ClaimVerdict {}

    /** It has an epoch that it does not go on with: it says so, so that others need not wait. */
    record Release() implements ClaimVerdict {}
}
