package io.ackgate.gateway.error;

/**
 * What an error means and what to do about it, for a reader who looks it up: the page of the docs
 * and the address that an answer names are made from it. A new error does not compile unexplained.
 *
 * @param when when it is the answer, as sentences
 * @param remedy what to do, as sentences
 */
public record ErrorGuide(String when, String remedy) {

    /** What there is to know about an error. */
    public static ErrorGuide of(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST ->
                    new ErrorGuide(
                            "A field of the request is missing, has a value that is not allowed,"
                                    + " or is at odds with another field. The answer names the"
                                    + " field.",
                            "Correct the request. Sending it again unchanged ends the same way.");
            case INVALID_REQUIRED_ACKS ->
                    new ErrorGuide(
                            "acks has a value that does not exist.",
                            "Use 0, 1 or all; over gRPC ACKS_NONE, ACKS_LEADER or ACKS_ALL.");
            case INVALID_CONFIG ->
                    new ErrorGuide(
                            "A topic's setting is unknown or out of its bounds, two settings"
                                    + " contradict each other, or an idempotent producer asked for"
                                    + " another acks than all.",
                            "Change one of the settings that the answer names.");
            case INVALID_TOPIC_EXCEPTION ->
                    new ErrorGuide(
                            "The name cannot be the name of a topic.",
                            "Use 1 to 249 of the characters a-z A-Z 0-9 . _ - and neither . nor .."
                                    + " alone.");
            case INVALID_PARTITIONS ->
                    new ErrorGuide(
                            "A topic was to have no partition, too many, or fewer than it has.",
                            "Give a number from 1 to the bound that the answer names. Partitions"
                                    + " can be added and never taken away.");
            case INVALID_REPLICATION_FACTOR ->
                    new ErrorGuide(
                            "A topic was to have more replicas than there are storage nodes, or"
                                    + " none.",
                            "Give a smaller number, or start further storage nodes first.");
            case INVALID_GROUP_ID ->
                    new ErrorGuide(
                            "The name cannot be the name of a group.",
                            "Use 1 to 249 of the characters a-z A-Z 0-9 . _ -");
            case INVALID_TIMESTAMP ->
                    new ErrorGuide(
                            "A record has a timestamp that cannot be one, or the header of a batch"
                                    + " says another greatest timestamp than its records have.",
                            "Timestamps are milliseconds since 1970-01-01T00:00Z, 0 or more.");
            case INVALID_RECORD ->
                    new ErrorGuide(
                            "A ready-made batch does not hold what its header says, uses a feature"
                                    + " that does not exist here (transactions, control batches),"
                                    + " or has the sequences of an earlier batch with other"
                                    + " records.",
                            "Correct the program that builds batches. If it is about sequences: two"
                                    + " callers share one producer id, or a retry was built anew"
                                    + " with other records. Give each caller an id of its own and"
                                    + " send a retry with the same bytes.");
            case CORRUPT_MESSAGE ->
                    new ErrorGuide(
                            "The bytes are not one whole record batch: the length, the magic number"
                                    + " or the checksum is wrong, or the compressed part cannot be"
                                    + " opened.",
                            "Build the batch again and send it again. If it happens often,"
                                + " something between the producer and the gateway changes bytes.");
            case UNSUPPORTED_COMPRESSION_TYPE ->
                    new ErrorGuide(
                            "A ready-made batch is compressed in a way that is not known here.",
                            "Use none, gzip, snappy, lz4 or zstd.");
            case UNSUPPORTED_FOR_MESSAGE_FORMAT ->
                    new ErrorGuide(
                            "A stored batch cannot be read as records. The answer names partition,"
                                    + " offset and the next offset.",
                            "Go on at the next offset, set skip_unreadable to step over such"
                                    + " batches, or read the batch as it is stored with"
                                    + " RECORD_FORMAT_BATCHES.");
            case MESSAGE_TOO_LARGE ->
                    new ErrorGuide(
                            "A batch is larger than the topic's max.message.bytes, or a request is"
                                    + " larger than the gateway takes.",
                            "Send fewer records in one batch. If one record alone is too large,"
                                + " raise the topic's max.message.bytes, or store the large part"
                                + " elsewhere and send its address.");
            case OFFSET_METADATA_TOO_LARGE ->
                    new ErrorGuide(
                            "The text that is to be kept with a committed offset is too long.",
                            "Keep at most 4096 bytes of UTF-8 with an offset.");
            case OFFSET_OUT_OF_RANGE ->
                    new ErrorGuide(
                            "The offset is not in the log: retention has deleted the record, the"
                                    + " log never came so far, or an acks=1 loss made the log"
                                    + " shorter. A commit ends with it if its offset is beyond the"
                                    + " high watermark.",
                            "Start at the earliest or at the latest offset, whichever your consumer"
                                + " needs; auto_offset_reset of Subscribe does it for you. Ignore"
                                + " the answer if its leader epoch is lower than one you have"
                                + " seen.");
            case UNKNOWN_TOPIC_OR_PARTITION ->
                    new ErrorGuide(
                            "There is no topic of that name, or it has no partition of that number."
                                    + " Topics are never created by a produce request.",
                            "Create the topic, or correct its name. List the topics to see which"
                                    + " there are.");
            case GROUP_ID_NOT_FOUND ->
                    new ErrorGuide(
                            "The group has no committed offsets: it never committed, was deleted,"
                                    + " or was silent for longer than ackgate.offsets.retention.",
                            "List the groups to see which have committed offsets.");
            case BROKER_ID_NOT_REGISTERED ->
                    new ErrorGuide(
                            "There is no storage node of that id.",
                            "List the nodes to see which there are.");
            case TOPIC_ALREADY_EXISTS ->
                    new ErrorGuide(
                            "A topic of that name exists.",
                            "Choose another name, or use the topic that is there.");
            case POLICY_VIOLATION ->
                    new ErrorGuide(
                            "The request is allowed by the protocol and not by a rule that an"
                                + " operator has set: acks is below the topic's ackgate.min.acks,"
                                + " or a bound for topics, groups or committed offsets is reached.",
                            "Ask for a higher acks. For a bound: delete what is not used any more,"
                                    + " or raise the bound that the answer names.");
            case OUT_OF_ORDER_SEQUENCE_NUMBER ->
                    new ErrorGuide(
                            "An idempotent producer sent a batch whose sequences do not follow"
                                + " those that are in the log, or a range of which only a part is"
                                + " in the log.",
                            "Send the batch that is missing first. Send a retry as the same batch"
                                    + " again, with the same records. If the missing batch is given"
                                    + " up, ask for a new producer id and start at sequence 0.");
            case FENCED_LEADER_EPOCH ->
                    new ErrorGuide(
                            "A commit carries an older leader epoch than the one that the group has"
                                    + " committed with: the records came from an owner that was"
                                    + " superseded.",
                            "Ask for the committed offset and go on from it.");
            case UNKNOWN_LEADER_EPOCH ->
                    new ErrorGuide(
                            "A commit carries a leader epoch that the gateway that answers does not"
                                    + " know yet.",
                            "Try again. If it stays so, the epoch is not one of an answer: give the"
                                    + " leader_epoch of the answer that held the last record, or"
                                    + " none.");
            case INVALID_PRODUCER_EPOCH ->
                    new ErrorGuide(
                            "Another session of the same producer has written with a higher"
                                    + " epoch.",
                            "Stop this producer: its successor is at work. If there is none, two"
                                    + " programs share a producer id; ask for an id for each.");
            case UNKNOWN_PRODUCER_ID ->
                    new ErrorGuide(
                            "Nothing is known of the producer in this partition: it never wrote"
                                    + " here, or was silent for longer than"
                                    + " producer.id.expiration.ms.",
                            "Ask for a new producer id and start at sequence 0. If the answer says"
                                    + " that the records may have been written, read the end of the"
                                    + " partition first to see whether they are there.");
            case ELECTION_NOT_NEEDED ->
                    new ErrorGuide(
                            "An unclean election was asked for, and the partition has a leader that"
                                    + " is in sync.",
                            "Nothing has to be done.");
            case ELIGIBLE_LEADERS_NOT_AVAILABLE ->
                    new ErrorGuide(
                            "An unclean election was asked for and no replica could be made the"
                                    + " leader.",
                            "Start a storage node that holds a replica of the partition, and try"
                                    + " again.");
            case NOT_ENOUGH_REPLICAS ->
                    new ErrorGuide(
                            "acks=all was asked for and the partition has fewer in-sync replicas"
                                    + " than min.insync.replicas. Nothing was written.",
                            "Try again later: the very same request succeeds when enough replicas"
                                + " are back. Look which storage nodes are down, and why. Do not"
                                + " lower min.insync.replicas to make it go away, unless you accept"
                                + " that records lie on fewer disks.");
            case NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
                    new ErrorGuide(
                            "The batch was put into the log, and then the in-sync replicas became"
                                    + " fewer than min.insync.replicas.",
                            "With a producer sequence, send the same batch again: it is written"
                                    + " once. Without one, a retry may write it twice; read the end"
                                    + " of the partition if that matters.");
            case NOT_LEADER_OR_FOLLOWER ->
                    new ErrorGuide(
                            "This gateway does not own the partition, is taking it over just now,"
                                    + " or is being stopped.",
                            "Try again after a short wait, at another gateway if there is one. If"
                                    + " the answer says that the records may have been written,"
                                    + " retry with the same producer sequence only.");
            case COORDINATOR_NOT_AVAILABLE ->
                    new ErrorGuide(
                            "The store of topics, groups and ids did not answer. A change of a"
                                    + " topic may have been made or not.",
                            "Describe what you wanted to change, and try again if it is as before."
                                + " If it stays so, look at the gateway's log and at the disk of"
                                + " ackgate.data.dir.");
            case KAFKA_STORAGE_ERROR ->
                    new ErrorGuide(
                            "A storage node could not be started.",
                            "Read the node's log. Most often its data directory cannot be used:"
                                    + " no rights, no space, or another process has it.");
            case REQUEST_TIMED_OUT ->
                    new ErrorGuide(
                            "The acknowledgement did not come within the time that the request"
                                    + " allowed. The answer says whether the records may have been"
                                    + " written.",
                            "With a producer sequence, send the same batch again: it is written"
                                    + " once. If it happens often, give more time, or look for a"
                                    + " slow disk or network.");
            case THROTTLING_QUOTA_EXCEEDED ->
                    new ErrorGuide(
                            "A bound on waiting requests, bytes in memory or known producers is"
                                    + " reached. Nothing was written.",
                            "Wait for the time that the answer names and send again. Send less at"
                                    + " the same time, or give the gateway more memory. If the"
                                    + " answer speaks of producers, use one producer id for many"
                                    + " batches.");
            case UNKNOWN_SERVER_ERROR ->
                    new ErrorGuide(
                            "The gateway met something that it was not written for: a bug.",
                            "Report it with the gateway's log of that time. If the answer says that"
                                    + " the records may have been written, retry with the same"
                                    + " producer sequence only.");
        };
    }
}
