package io.ackgate.gateway.topic;

import io.ackgate.gateway.error.ErrorCode;

/** How a request about a topic ended. */
public sealed interface TopicOutcome {
    /**
     * Done.
     *
     * @param topic as it is now; as it was, after a deletion
     */
    record Done(Topic topic) implements TopicOutcome {}

    /**
     * Not done, and nothing changed.
     *
     * @param detail what was given, what is allowed and what to do
     */
    record Refused(ErrorCode error, String detail) implements TopicOutcome {}

    /** The metadata store did not answer: it may have been done; describe the topic to see. */
    record Unknown(String detail) implements TopicOutcome {}
}
