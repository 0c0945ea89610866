package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicPolicyTest extends TopicsFixture {
    private static final TopicPolicy POLICY =
            new TopicPolicy(4, 2, Map.of("min.insync.replicas", "2", "retention.ms", "1000"), 20);

    private final MetadataTopics topics = under(POLICY);

    private MetadataTopics under(TopicPolicy policy) {
        return new MetadataTopics(store, catalog, nodes, policy, () -> 0);
    }

    private static TopicOutcome.Refused refused(CompletionStage<TopicOutcome> stage) {
        return assertInstanceOf(TopicOutcome.Refused.class, await(stage));
    }

    private static TopicSpec named(String name, int partitions) {
        return TopicSpec.named(name).withPartitions(partitions);
    }

    @Test
    void a_topic_that_does_not_say_is_as_the_policy_says() {
        Topic topic = done(topics.create(TopicSpec.named("t")));
        assertEquals(4, topic.partitions());
        assertEquals(2, topic.replicationFactor());
        assertEquals(2, topic.settings().minInsyncReplicas());
        assertEquals(1000, topic.settings().replica().retentionMillis());

        Topic other =
                done(
                        topics.create(
                                named("u", 1)
                                        .withReplicationFactor(3)
                                        .withSettings(Map.of("retention.ms", "7"))));
        assertEquals(1, other.partitions());
        assertEquals(3, other.replicationFactor());
        assertEquals(7, other.settings().replica().retentionMillis());
    }

    @Test
    void fewer_replicas_than_the_policy_wants_in_sync_must_all_be_in_sync() {
        Topic topic = done(topics.create(TopicSpec.named("t").withReplicationFactor(1)));
        assertEquals(1, topic.settings().minInsyncReplicas());
    }

    @Test
    void another_policy_changes_no_topic_that_is_there_until_a_setting_goes_back() {
        done(topics.create(TopicSpec.named("t")));
        MetadataTopics later = under(new TopicPolicy(1, 3, Map.of("retention.ms", "5000"), 20));
        assertEquals(1000, done(later.describe("t")).settings().replica().retentionMillis());

        TopicChange back =
                new TopicChange(
                        OptionalInt.empty(),
                        Map.of(
                                "retention.ms", Optional.empty(),
                                "min.insync.replicas", Optional.empty()));
        Topic changed = done(later.alter("t", back));
        assertEquals(5000, changed.settings().replica().retentionMillis());
        assertEquals(1, changed.settings().minInsyncReplicas(), "of 2 replicas, by default");
    }

    @Test
    void partitions_of_all_topics_are_bounded() {
        done(topics.create(named("t", 15)));
        TopicOutcome.Refused tooMany = refused(topics.create(named("u", 6)));
        assertEquals(ErrorCode.POLICY_VIOLATION, tooMany.error());
        assertEquals(
                "6 partitions were asked for, there are 15 in all topics, and the cluster may have"
                        + " 20: delete topics, ask for fewer, or raise"
                        + " ackgate.topic.max-total-partitions",
                tooMany.detail());
        assertEquals(
                ErrorCode.POLICY_VIOLATION,
                refused(topics.alter("t", TopicChange.partitions(21))).error());

        done(topics.create(named("u", 5)));
        assertEquals(ErrorCode.POLICY_VIOLATION, refused(topics.create(named("v", 1))).error());
        done(topics.alter("t", TopicChange.set("retention.ms", "9")));
        done(topics.delete("u"));
        assertEquals(20, done(topics.alter("t", TopicChange.partitions(20))).partitions());
    }

    @Test
    void of_many_at_once_nobody_passes_the_bound_and_what_is_refused_takes_no_room() {
        List<CompletionStage<TopicOutcome>> asked =
                IntStream.range(0, 30).mapToObj(i -> topics.create(named("t" + i, 3))).toList();
        List<TopicOutcome> outcomes = asked.stream().map(TopicPolicyTest::await).toList();
        assertEquals(6, outcomes.stream().filter(TopicOutcome.Done.class::isInstance).count());

        refused(topics.create(named("t0", 1)));
        refused(topics.create(named("t0", 1)));
        refused(topics.create(named("t0", 1)));
        assertEquals(2, done(topics.create(named("last", 2))).partitions());
    }

    @Test
    void two_hundred_topics_of_ten_thousand_partitions_are_more_than_by_default() {
        TopicOutcome.Refused wrong =
                TopicRules.total(10_000, 195_000, TopicPolicy.DEFAULTS.maxTotalPartitions());
        assertTrue(wrong != null && wrong.error() == ErrorCode.POLICY_VIOLATION);
        assertNull(TopicRules.total(10_000, 190_000, TopicPolicy.DEFAULTS.maxTotalPartitions()));
    }

    @Test
    void a_policy_that_contradicts_itself_says_so() {
        assertNull(POLICY.problem());
        assertNull(TopicPolicy.DEFAULTS.problem());
        String tooMany = new TopicPolicy(1, 1, Map.of("min.insync.replicas", "2"), 1).problem();
        assertTrue(tooMany != null && tooMany.startsWith("min.insync.replicas was given as 2"));
        String acks =
                new TopicPolicy(
                                1,
                                3,
                                Map.of("ackgate.default.acks", "1", "ackgate.min.acks", "all"),
                                1)
                        .problem();
        assertTrue(acks != null && acks.startsWith("ackgate.default.acks is 1"));
    }
}
