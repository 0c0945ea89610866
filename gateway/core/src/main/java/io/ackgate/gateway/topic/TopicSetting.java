package io.ackgate.gateway.topic;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.record.BatchFrame;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings a topic can be given, by Kafka's names where Kafka has them. */
public enum TopicSetting {
    /**
     * In-sync replicas that there must be for a write with acks=all. By default 2 where there are 3
     * replicas or more, else 1; Kafka's default is 1.
     */
    MIN_INSYNC_REPLICAS("min.insync.replicas", 1, Integer.MAX_VALUE, false),
    /**
     * Greatest size of a batch, bytes. With its frame a batch must be one that storage nodes take:
     * 16 MiB, the default there.
     */
    MAX_MESSAGE_BYTES(
            "max.message.bytes", 1_024, (16 << 20) - BatchFrame.FRAME_HEADER_BYTES, false),
    /** Records older than this are deleted, a segment at a time, milliseconds. */
    RETENTION_MS("retention.ms", 1, Long.MAX_VALUE, true),
    /** The oldest segments of a partition are deleted while it is larger than this, bytes. */
    RETENTION_BYTES("retention.bytes", 1, Long.MAX_VALUE, true),
    /** A segment of the log is closed when it has this size, bytes; Kafka's default is 1 GiB. */
    SEGMENT_BYTES("segment.bytes", 1_024, 1 << 30, false),
    /** A segment of the log is closed when it is as old as this, milliseconds. */
    SEGMENT_MS("segment.ms", 1, Long.MAX_VALUE, false),
    /**
     * A producer that has written nothing to a partition for so long is forgotten there,
     * milliseconds: its retries are refused, not written again.
     */
    PRODUCER_ID_EXPIRATION_MS("producer.id.expiration.ms", 1, Long.MAX_VALUE, false),
    /**
     * When a replica acknowledges: when its disk has synced the batch, or when its operating system
     * has it, which is what Kafka does.
     */
    DURABILITY("ackgate.durability", TopicSetting.FSYNC + "|" + TopicSetting.PAGE_CACHE),
    /** What a write that leaves acks out asks for. */
    DEFAULT_ACKS("ackgate.default.acks", String.join("|", Acks.texts())),
    /** A write with a lower acks is refused; 0 refuses none. */
    MIN_ACKS("ackgate.min.acks", String.join("|", Acks.texts())),
    /**
     * Whether a replica that is not in sync may lead when nobody else can: false, only when an
     * operator says so; when-all-answered, when all assigned replicas have answered; default, as
     * the gateway is set.
     */
    UNCLEAN_LEADER_ELECTION(
            "unclean.leader.election",
            TopicSetting.DEFAULT + "|" + TopicSetting.NEVER + "|" + TopicSetting.WHEN_ALL_ANSWERED);

    static final String DEFAULT = "default";
    static final String NEVER = "false";
    static final String WHEN_ALL_ANSWERED = "when-all-answered";

    static final String FSYNC = "fsync";
    static final String PAGE_CACHE = "page-cache";

    private final String key;

    /** What may be given, with bars between; empty for a number. */
    private final String words;

    private final long least;
    private final long most;
    private final boolean minusOneIsNoLimit;

    TopicSetting(String key, String words) {
        this.key = key;
        this.words = words;
        this.least = 0;
        this.most = 0;
        this.minusOneIsNoLimit = false;
    }

    TopicSetting(String key, long least, long most, boolean minusOneIsNoLimit) {
        this.key = key;
        this.words = "";
        this.least = least;
        this.most = most;
        this.minusOneIsNoLimit = minusOneIsNoLimit;
    }

    /** The name by which it is given. */
    public String key() {
        return key;
    }

    /** The setting of that name. */
    public static @Nullable TopicSetting of(String key) {
        for (TopicSetting setting : values()) {
            if (setting.key.equals(key)) {
                return setting;
            }
        }
        return null;
    }

    /** All names, as a sentence lists them. */
    static String keys() {
        return Arrays.stream(values()).map(TopicSetting::key).collect(Collectors.joining(", "));
    }

    /** What may be given, as a part of a sentence. */
    public String allowed() {
        if (!words.isEmpty()) {
            List<String> each = words();
            return String.join(", ", each.subList(0, each.size() - 1)) + " or " + each.getLast();
        }
        if (this == MIN_INSYNC_REPLICAS) {
            return "a whole number from 1 to the replication factor";
        }
        String range =
                most == Long.MAX_VALUE
                        ? "a whole number, %d or more".formatted(least)
                        : "a whole number from %d to %d".formatted(least, most);
        return minusOneIsNoLimit ? range + ", or -1 for no limit" : range;
    }

    /** What is wrong with a value by itself, as a sentence; null if nothing is. */
    @Nullable String problemWith(String value) {
        return accepts(value)
                ? null
                : "%s was given as '%s': give %s".formatted(key, value, allowed());
    }

    private List<String> words() {
        return List.of(words.split("\\|"));
    }

    /** Whether a value is one that is allowed, by itself. */
    public boolean accepts(String value) {
        if (!words.isEmpty()) {
            return words().contains(value);
        }
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException notANumber) {
            return false;
        }
        return (number >= least && number <= most) || (minusOneIsNoLimit && number == -1);
    }
}
