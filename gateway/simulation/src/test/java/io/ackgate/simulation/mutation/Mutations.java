package io.ackgate.simulation.mutation;

import io.ackgate.simulation.mutation.Mutation.Edit;
import java.util.List;

/** The rules whose loss a seed must show. */
final class Mutations {
    private static final String ENGINE =
            "storage-node/engine/src/main/java/io/ackgate/storage/engine/";
    private static final String JOURNAL =
            "storage-node/engine/src/main/java/io/ackgate/storage/journal/";
    private static final String LOG = "storage-node/engine/src/main/java/io/ackgate/storage/log/";
    private static final String RECOVERY =
            "storage-node/engine/src/main/java/io/ackgate/storage/recovery/";
    private static final String CORE = "gateway/core/src/main/java/io/ackgate/gateway/partition/";

    private static final Edit ANY_SESSION =
            new Edit(
                    ENGINE + "Replica.java",
                    "return asker.equals(session) && !sessionEnded ? null :"
                            + " Refusal.STALE_SESSION;",
                    "return null;");
    private static final Edit JOINED_ON_ANY_SESSION =
            new Edit(
                    ENGINE + "Replica.java",
                    "return joined && askedEpoch == epoch && asker.equals(session);",
                    "return joined && askedEpoch == epoch;");

    static final List<Mutation> ALL =
            List.of(
                    Mutation.of(
                            "contiguity check",
                            new Edit(
                                    ENGINE + "Appends.java",
                                    "if (baseOffset != log.logEnd()) {",
                                    "if (baseOffset < log.logEnd()) {")),
                    Mutation.of(
                            "epoch check",
                            new Edit(
                                    ENGINE + "Replica.java",
                                    "@Nullable Refusal objectionToTakeover(StreamSession asker, int"
                                            + " askedEpoch) {\n"
                                            + "        if (askedEpoch < epoch) {",
                                    "@Nullable Refusal objectionToTakeover(StreamSession asker, int"
                                            + " askedEpoch) {\n"
                                            + "        if (askedEpoch < 0) {")),
                    Mutation.of(
                            "append rule \"epoch not lower, base == LEO\"",
                            new Edit(
                                    ENGINE + "Replica.java",
                                    "        if (askedEpoch > epoch) {\n"
                                            + "            return Refusal.NOT_FENCED;",
                                    "        if (askedEpoch > epoch) {\n            return null;"),
                            ANY_SESSION,
                            new Edit(
                                    ENGINE + "Appends.java",
                                    "if (objection == null && !replica.joined(session, epoch)) {",
                                    "if (false) {")),
                    Mutation.of("stream session check", ANY_SESSION, JOINED_ON_ANY_SESSION),
                    Mutation.of(
                            "answers count only within the present stream",
                            new Edit(
                                    CORE + "Partition.java",
                                    "context.stream(answered.node()) == answered.stream()",
                                    "true")),
                    Mutation.of(
                            "a truncate of epoch E never removes a record of epoch E",
                            ANY_SESSION,
                            JOINED_ON_ANY_SESSION,
                            new Edit(
                                    ENGINE + "ReplicaRequests.java",
                                    "if (replica.joined(session, join.epoch())) {",
                                    "if (false) {"),
                            new Edit(
                                    ENGINE + "ReplicaRequests.java",
                                    "} else if (log.chain().lastEpoch() >= join.epoch()) {",
                                    "} else if (false) {")),
                    Mutation.of(
                            "maximal ISR",
                            new Edit(
                                    CORE + "IsrState.java",
                                    "maximal = union(committed.isr(), next.isr());",
                                    "maximal = next.isr();")),
                    Mutation.of(
                            "a compare-and-set that timed out is not forgotten",
                            new Edit(
                                    CORE + "IsrState.java",
                                    "            outcomeUnknown = true;",
                                    "            pending = null; maximal = committed.isr();")),
                    Mutation.of(
                            "ISR changes are conditioned on version and epoch",
                            new Edit(
                                    CORE + "Leadership.java",
                                    "return stored.leaderEpoch() == epoch &&"
                                            + " stored.owner().equals(context.me);",
                                    "return true;")),
                    Mutation.of(
                            "HW needs min.insync.replicas",
                            new Edit(
                                    CORE + "Replication.java",
                                    "if (isr.committedSize() <"
                                            + " context.settings.minInsyncReplicas()) {",
                                    "if (false) {")),
                    Mutation.of(
                            "fsync before ack",
                            new Edit(
                                    JOURNAL + "JournalSync.java",
                                    "file.file().sync();",
                                    "file.file().size();")),
                    Mutation.of(
                            "sync in flight across a fence",
                            new Edit(
                                    ENGINE + "Acknowledgement.java",
                                    "if (current()) {",
                                    "if (true) {")),
                    Mutation.of(
                            "the epoch is durable before a fence is answered",
                            new Edit(
                                    ENGINE + "ReplicaRequests.java",
                                    "            context.journal().add(new"
                                            + " JournalRecord.Fenced(replica.partition(), epoch));",
                                    "")),
                    Mutation.of(
                            "dedupe state updated only with the append",
                            new Edit(
                                    CORE + "Sequencer.java",
                                    "        PartitionSettings settings = context.settings;\n"
                                            + "        if (produce.acks() == Acks.ALL",
                                    "        PartitionSettings settings = context.settings;\n"
                                            + "        remember(stamp(produce.frame(),"
                                            + " replication.log().end()));\n"
                                            + "        if (produce.acks() == Acks.ALL")),
                    Mutation.of(
                            "a producer outlives its records on a replica that begins again",
                            new Edit(
                                    CORE + "Sequencer.java",
                                    "if (!batches.isEmpty()) {",
                                    "if (false) {")),
                    Mutation.of(
                            "retention never passes the high watermark",
                            new Edit(
                                    LOG + "PartitionLog.java",
                                    "if (end > highWatermark || ",
                                    "if (")),
                    Mutation.of(
                            "what recovery syncs of a segment it writes again",
                            new Edit(
                                    LOG + "Segment.java",
                                    "open.write(piece.flip(), position);",
                                    "")),
                    Mutation.of(
                            "deduplicate before checking",
                            new Edit(
                                    CORE + "Sequencer.java",
                                    "        switch (producers.check(producerId, producerEpoch,"
                                            + " sequence, count)) {",
                                    "        if (isr.committedSize() <"
                                            + " context.settings.minInsyncReplicas()) {\n"
                                            + "            refuse(produce,"
                                            + " ProduceError.NOT_ENOUGH_REPLICAS, \"\");\n"
                                            + "            return;\n"
                                            + "        }\n"
                                            + "        switch (producers.check(producerId,"
                                            + " producerEpoch, sequence, count)) {")),
                    Mutation.of(
                            "a duplicate is answered once it is committed",
                            new Edit(
                                    CORE + "Sequencer.java",
                                    "        await(produce, baseOffset, endOffset, true);\n"
                                            + "        answer();",
                                    "        context.complete(produce.token(), written(new"
                                            + " Waiter(produce.token(), produce.acks(),"
                                            + " produce.deadlineNanos(), baseOffset, endOffset,"
                                            + " true)));")),
                    Mutation.of(
                            "truncation by epoch chain (none)",
                            new Edit(
                                    CORE + "Reconciliation.java",
                                    ".agreesUpTo(from, replication.log().end(), fenced.chain(),"
                                            + " fenced.logEnd());",
                                    ".agreesUpTo(fenced.logEnd(), replication.log().end(),"
                                            + " fenced.chain(), fenced.logEnd());")),
                    Mutation.of(
                            "truncation by epoch chain (to the high watermark)",
                            new Edit(
                                    CORE + "Reconciliation.java",
                                    ".agreesUpTo(from, replication.log().end(), fenced.chain(),"
                                            + " fenced.logEnd());",
                                    ".agreesUpTo(fenced.highWatermark(), fenced.highWatermark(),"
                                            + " fenced.chain(), fenced.logEnd());")),
                    Mutation.of(
                            "re-admission rule",
                            new Edit(
                                    CORE + "Membership.java",
                                    "replica.logEndOf(ref) >= Math.max(replication.highWatermark(),"
                                            + " epochStart)",
                                    "replica.logEndOf(ref) >= replication.highWatermark()"),
                            new Edit(
                                    CORE + "Membership.java",
                                    "&& replica.nextOffset >= replication.log().start();",
                                    ";")),
                    Mutation.of(
                            "incarnation check of a taker",
                            new Edit(
                                    CORE + "Takeover.java",
                                    "return promise != null &&"
                                        + " promise.fenced().incarnation().equals(ref.incarnation());",
                                    "return promise != null;")),
                    Mutation.of(
                            "ISR by node and incarnation (a missing log answers LEO 0)",
                            new Edit(
                                    CORE + "Takeover.java",
                                    "            case StorageAnswer.Missing missing ->"
                                            + " without(node, \"it has no such replica\");",
                                    "            case StorageAnswer.Missing missing -> {\n"
                                        + "                promises.put(node, new"
                                        + " Promise(answered.stream(), new"
                                        + " StorageAnswer.Fenced(context.id, epoch,"
                                        + " claimed.replica(node).orElseThrow().incarnation(), 0,"
                                        + " 0, 0, io.ackgate.storage.api.EpochChain.EMPTY)));\n"
                                        + "                yield electIfDecided();\n"
                                        + "            }")),
                    Mutation.of(
                            "page-cache replica back after power loss, same incarnation",
                            new Edit(
                                    RECOVERY + "Recovery.java",
                                    "if (machineStopped && !fold.journaled()) {",
                                    "if (false) {")),
                    Mutation.of(
                            "an owner resumes no epoch",
                            new Edit(
                                    CORE + "Takeover.java",
                                    "this.epoch = Math.max(observed.leaderEpoch(),"
                                            + " context.refusedEpoch) + 1;",
                                    "this.epoch = observed.owner().equals(context.me) ?"
                                        + " observed.leaderEpoch() :"
                                        + " Math.max(observed.leaderEpoch(), context.refusedEpoch)"
                                        + " + 1;")));

    private Mutations() {}
}
