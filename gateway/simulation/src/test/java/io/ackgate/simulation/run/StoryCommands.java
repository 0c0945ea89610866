package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.storage.api.StorageRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a {@link Transcript}. Gateways run on machine-0 and machine-1, replicas on node-1
 * to node-3, and batches are called b1, b2, ... in the order in which they are produced.
 *
 * <pre>
 * world min.insync.replicas=2 [page-cache] [unclean]   the first command: everything starts
 * take-over M | begin-take-over M                      a gateway claims the partition; the first waits until it serves
 * produce M acks=A [producer=P sequence=S]             a batch of one record arrives at a gateway
 * produce M bN                                         the same batch once more: a retry
 * write ...                                            as produce, and waits until it is written
 * run 20ms | until FACT | expect FACT                  time passes; facts: see {@link StoryFacts}
 * cut M N | mend M N                                   the network between a machine and a node
 * pause M | resume M | restart M                       a gateway
 * kill N | start N | wipe N | lose-power N keep=0%     a storage node; how much of what was not synced survives
 * disk N full | disk N free                            its disk
 * keep N | deliver N | pass N                          its appends are held back, arrive, or come through again
 * metadata ANSWER_LOST | metadata LATE                 what becomes of the next compare-and-set
 * elect M longest | elect M emptied                    an operator's unclean election
 * </pre>
 */
final class StoryCommands {
    private final Map<String, Scene.Sent> sent = new HashMap<>();
    private final Map<Integer, List<Scene.Kept>> kept = new HashMap<>();
    private @Nullable Scene scene;
    private int linesGiven;

    /**
     * What happened in answer to a command.
     *
     * @throws IllegalArgumentException if there is no such command
     */
    List<String> run(String command) {
        List<String> words = List.of(command.split(" ", -1));
        if (words.getFirst().equals("world")) {
            scene = world(words);
        } else {
            run(scene(), words);
        }
        List<String> lines = scene().story().lines();
        List<String> news = List.copyOf(lines.subList(linesGiven, lines.size()));
        linesGiven = lines.size();
        // Headings name what the command says already.
        return news.stream().filter(line -> !line.startsWith("--")).toList();
    }

    private Scene scene() {
        return Objects.requireNonNull(scene, "the first command is 'world min.insync.replicas=N'");
    }

    private static Scene world(List<String> words) {
        int min = Integer.parseInt(value(words.get(1), "min.insync.replicas"));
        if (words.contains("unclean")) {
            return Scene.inPageCacheComingBackByItself(min);
        }
        return words.contains("page-cache")
                ? Scene.inPageCache(min)
                : Scene.withMinInsyncReplicas(min);
    }

    private void run(Scene scene, List<String> words) {
        String last = words.getLast();
        switch (words.getFirst()) {
            case "take-over" -> scene.takeOver(machine(last));
            case "begin-take-over" -> scene.beginTakeOver(machine(last));
            case "produce" -> produce(scene, words);
            case "write" -> {
                Scene.Sent one = produce(scene, words);
                scene.until(one.batch() + " is answered", one::isAnswered);
                assertTrue(one.isWritten(), () -> one.batch() + " ended as " + one.outcome());
            }
            case "run" -> scene.run(Long.parseLong(last.replace("ms", "")));
            case "until" -> facts(scene).until(words.subList(1, words.size()));
            case "expect" -> facts(scene).expect(words.subList(1, words.size()));
            case "cut" -> scene.cut(machine(words.get(1)), node(last));
            case "mend" -> scene.mend(machine(words.get(1)), node(last));
            case "pause" -> scene.gateway(machine(last)).pause();
            case "resume" -> scene.gateway(machine(last)).resume();
            case "restart" -> scene.restartGateway(machine(last));
            case "kill" -> scene.kill(node(last));
            case "start" -> scene.start(node(last));
            case "wipe" -> scene.wipe(node(last));
            case "lose-power" -> {
                String percent = value(last, "keep").replace("%", "");
                scene.losePower(node(words.get(1)), Integer.parseInt(percent) / 100.0);
            }
            case "disk" -> scene.node(node(words.get(1))).disk().setFull(last.equals("full"));
            case "keep" -> kept.put(node(last), scene.keep(node(last), StoryCommands::isAppend));
            case "pass" -> scene.keep(node(last), request -> false);
            case "deliver" -> kept.getOrDefault(node(last), List.of()).forEach(Scene.Kept::arrives);
            case "metadata" -> scene.metadata().setNext(SimMetadata.Mishap.valueOf(last));
            case "elect" ->
                    scene.electUnclean(
                            machine(words.get(1)),
                            last.equals("longest") ? Mandate.LONGEST : new Mandate(null, true));
            default -> throw new IllegalArgumentException("there is no such command");
        }
    }

    private StoryFacts facts(Scene scene) {
        return new StoryFacts(scene, sent);
    }

    private Scene.Sent produce(Scene scene, List<String> words) {
        Scene.Sent before = sent.get(words.get(2));
        Batch batch = before == null ? batch(scene, words) : before.batch();
        Scene.Sent one = scene.send(machine(words.get(1)), batch);
        sent.put(batch.toString().replaceFirst("\\(.*", ""), one);
        return one;
    }

    private static Batch batch(Scene scene, List<String> words) {
        if (words.size() == 5) {
            return scene.idempotent(
                    Long.parseLong(value(words.get(3), "producer")),
                    Integer.parseInt(value(words.get(4), "sequence")));
        }
        String acks = value(words.get(2), "acks");
        return scene.plain(
                switch (acks) {
                    case "0" -> Acks.NONE;
                    case "1" -> Acks.LEADER;
                    case "all" -> Acks.ALL;
                    default -> throw new IllegalArgumentException("acks is 0, 1 or all");
                });
    }

    private static boolean isAppend(StorageRequest request) {
        return request instanceof StorageRequest.Append;
    }

    private static String value(String word, String key) {
        if (!word.startsWith(key + "=")) {
            throw new IllegalArgumentException(
                    "%s stands where %s=... belongs".formatted(word, key));
        }
        return word.substring(key.length() + 1);
    }

    static int machine(String word) {
        return number(word, "machine-");
    }

    static int node(String word) {
        return number(word, "node-");
    }

    private static int number(String word, String prefix) {
        if (!word.startsWith(prefix)) {
            throw new IllegalArgumentException(
                    "%s stands where %sN belongs".formatted(word, prefix));
        }
        return Integer.parseInt(word.substring(prefix.length()));
    }
}
