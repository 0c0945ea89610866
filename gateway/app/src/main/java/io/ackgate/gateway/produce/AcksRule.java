package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSetting;
import org.jspecify.annotations.Nullable;

/** Which acks a request gets, and which it may not ask for. */
final class AcksRule {
    private AcksRule() {}

    /** What is meant by the request's field; null if it means nothing. */
    static @Nullable Acks resolve(io.ackgate.v1.Acks asked, Topic topic) {
        return switch (asked) {
            case ACKS_UNSPECIFIED -> topic.settings().defaultAcks();
            case ACKS_NONE -> Acks.NONE;
            case ACKS_LEADER -> Acks.LEADER;
            case ACKS_ALL -> Acks.ALL;
            case UNRECOGNIZED -> null;
        };
    }

    /** Why these acks are refused; null if they are not. */
    static @Nullable Failure objection(
            Acks acks, io.ackgate.v1.Acks asked, Topic topic, boolean idempotent) {
        String given =
                "acks=%s (%s)"
                        .formatted(
                                TopicSetting.acksAsText(acks),
                                asked == io.ackgate.v1.Acks.ACKS_UNSPECIFIED
                                        ? "the default of topic " + topic.name()
                                        : "given in the request");
        if (idempotent && acks != Acks.ALL) {
            return Failure.notWritten(
                    ErrorCode.INVALID_CONFIG,
                    "acks",
                    ("an idempotent producer needs acks=all, which is at odds with %s: ask for"
                                    + " ACKS_ALL, or write without a producer id")
                            .formatted(given));
        }
        if (topic.settings().forbids(acks)) {
            return Failure.notWritten(
                    ErrorCode.POLICY_VIOLATION,
                    "acks",
                    "%s is under the floor of topic %s, which is %s=%s"
                            .formatted(
                                    given,
                                    topic.name(),
                                    TopicSetting.MIN_ACKS.key(),
                                    TopicSetting.acksAsText(topic.settings().minAcks())));
        }
        return null;
    }
}
