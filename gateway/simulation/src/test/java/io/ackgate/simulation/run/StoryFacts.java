package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@link Transcript} may wait for or expect.
 *
 * <pre>
 * serving M | phase M PHASE                a gateway serves the partition, or is in that phase of a takeover
 * isr 1 2 3                                the ISR as stored, in this order
 * everywhere                               all replicas hold what is committed and nothing else
 * answered bN | unanswered bN              the last attempt of a batch
 * accepted bN                              it ended when it was queued (acks=0)
 * written bN | duplicate bN                it ended well; as a repeat of what was in the log already
 * failed bN ERROR WRITE_STATUS             it ended so
 * committed N                              records below the high watermark that all agree on
 * log-end N OFFSET                         of a node's replica
 * epoch E | leader N | unclean-elections N | unclean-epoch E | emptied-epoch E     as stored
 * answers M MISSING                        what all three replicas have answered to the taker
 * answered-log-ends M OFFSET               where all three answered that their log ends
 * told WORDS | untold WORDS                whether a line of the story has these words
 * </pre>
 */
record StoryFacts(Scene scene, Map<String, Scene.Sent> sent) {
    void until(List<String> words) {
        if (words.getFirst().equals("everywhere")) {
            scene.untilEverywhere();
        } else {
            scene.until(String.join(" ", words), () -> holds(words));
        }
    }

    void expect(List<String> words) {
        assertTrue(holds(words), () -> "it is not so: " + words + "; " + seen());
    }

    private String seen() {
        String answers =
                sent.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(one -> one.getKey() + " " + ended(one.getValue()))
                        .collect(Collectors.joining(", "));
        return "ISR %s, committed %d, log ends %d %d %d, %s"
                .formatted(
                        scene.isr(),
                        scene.committedEnd(),
                        scene.logEnd(1),
                        scene.logEnd(2),
                        scene.logEnd(3),
                        answers);
    }

    private static String ended(Scene.Sent one) {
        return one.isAnswered() ? "ended as " + one.outcome() : "is not answered";
    }

    private boolean holds(List<String> words) {
        String last = words.getLast();
        return switch (words.getFirst()) {
            case "serving" -> status(last).phase() == PartitionStatus.Phase.SERVING;
            case "phase" -> status(words.get(1)).phase() == PartitionStatus.Phase.valueOf(last);
            case "isr" ->
                    scene.isr().equals(words.stream().skip(1).map(Integer::parseInt).toList());
            case "answered" -> batch(last).isAnswered();
            case "unanswered" -> !batch(last).isAnswered();
            case "accepted" ->
                    batch(last).isAnswered()
                            && batch(last).outcome() instanceof ProduceOutcome.Accepted;
            case "written" -> batch(last).isWritten();
            case "duplicate" ->
                    batch(last).isWritten()
                            && batch(last).outcome() instanceof ProduceOutcome.Written written
                            && written.duplicate();
            case "failed" ->
                    batch(words.get(1))
                            .failedWith(ErrorCode.valueOf(words.get(2)), WriteStatus.valueOf(last));
            case "committed" -> scene.committedEnd() == Long.parseLong(last);
            case "log-end" ->
                    scene.logEnd(StoryCommands.node(words.get(1))) == Long.parseLong(last);
            case "epoch" -> scene.stored().leaderEpoch() == Integer.parseInt(last);
            case "leader" ->
                    scene.stored()
                            .leader()
                            .filter(leader -> leader.value() == StoryCommands.node(last))
                            .isPresent();
            case "unclean-elections" -> scene.stored().uncleanElections() == Integer.parseInt(last);
            case "unclean-epoch" -> scene.stored().lastUncleanEpoch() == Integer.parseInt(last);
            case "emptied-epoch" -> scene.stored().lastEmptiedEpoch() == Integer.parseInt(last);
            case "answers" ->
                    answers(words.get(1)).stream()
                            .allMatch(each -> each.answer().name().equals(last));
            case "answered-log-ends" ->
                    answers(words.get(1)).stream()
                            .allMatch(each -> each.logEnd() == Long.parseLong(last));
            case "told" -> scene.isTold(rest(words));
            case "untold" -> !scene.isTold(rest(words));
            default -> throw new IllegalArgumentException("there is no such fact");
        };
    }

    private static String rest(List<String> words) {
        return String.join(" ", words.subList(1, words.size()));
    }

    private PartitionStatus status(String machine) {
        return scene.gateway(StoryCommands.machine(machine)).status(Scene.PARTITION);
    }

    private List<PartitionStatus.ReplicaAnswer> answers(String machine) {
        List<PartitionStatus.ReplicaAnswer> answers = status(machine).answers();
        assertTrue(answers.size() == 3, () -> "answers of three replicas: " + answers);
        return answers;
    }

    private Scene.Sent batch(String name) {
        Scene.Sent one = sent.get(name);
        if (one == null) {
            throw new IllegalArgumentException("no batch " + name + " was produced");
        }
        return one;
    }
}
