package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topics;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/** The door for streams of records that go on. */
@Singleton
public class Subscriptions {
    private final Topics topics;
    private final PartitionReads reads;
    private final GroupCommits commits;
    private final Executor unpacking;
    private final ConsumeMeter meter;

    /** Reads by these. */
    public Subscriptions(
            Topics topics,
            PartitionReads reads,
            GroupCommits commits,
            Unpacking unpacking,
            ConsumeMeter meter) {
        this.topics = topics;
        this.reads = reads;
        this.commits = commits;
        this.unpacking = unpacking;
        this.meter = meter;
    }

    /**
     * A subscription that has not begun.
     *
     * @param memory counts what is held for the caller
     * @param maker of what the caller gets for a record; it is called on any thread
     * @param turns of the event loop that the subscription is confined to; what fails in one is to
     *     end the subscription
     */
    public <R> Subscription<R> open(
            Caller caller,
            SubscriptionPlan plan,
            ReadMemory.Reader memory,
            RecordMaker<R> maker,
            Executor turns,
            SubscriptionListener<R> listener) {
        return new Subscription<>(
                caller, plan, topics, reads, commits, unpacking, meter, memory, maker, turns,
                listener);
    }
}
