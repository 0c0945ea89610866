package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSetting;
import org.jspecify.annotations.Nullable;

/** Which acks a request may not have. */
final class AcksRule {
    private AcksRule() {}

    /** Why these acks, given or by default, are refused; null if they are not. */
    static @Nullable Failure objection(
            Acks acks, boolean byDefault, Topic topic, boolean idempotent) {
        String given =
                "acks=%s (%s)"
                        .formatted(
                                acks.text(),
                                byDefault
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
                                    topic.settings().minAcks().text()));
        }
        return null;
    }
}
