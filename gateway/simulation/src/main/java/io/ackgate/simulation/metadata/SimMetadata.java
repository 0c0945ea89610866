package io.ackgate.simulation.metadata;

import io.ackgate.gateway.host.CasOutcome;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A linearizable store with bad manners: requests and answers get lost or come late, and what timed
 * out may still be carried out, if its version is then still the stored one.
 */
public final class SimMetadata {
    private record Stored(long version, PartitionState state) {}

    /** A compare-and-set on its way: it may still change the stored state. */
    public record Pending(PartitionId partition, long expectedVersion, PartitionState next) {}

    private final Timeline timeline;
    private final Dice dice;
    private final StoreFaults manners;
    private final Story story;
    private final StateListener listener;
    private final Map<PartitionId, Stored> states = new LinkedHashMap<>();
    private final Map<Integer, MetadataClient> clients = new LinkedHashMap<>();
    private final Set<Integer> cutOff = new HashSet<>();
    private final List<Pending> pending = new ArrayList<>();
    private Mishap next = Mishap.NONE;
    private Ambush ambush = (machine, change) -> false;

    /** Looks at each change that sets out. */
    public interface Ambush {
        /** True makes it land long after its timeout. */
        boolean delays(int machine, Pending change);
    }

    /** Has each change looked at before it sets out. */
    public void setAmbush(Ambush lying) {
        ambush = lying;
    }

    /** What happens to one compare-and-set. */
    public enum Mishap {
        NONE,
        /** It never reaches the store. */
        REQUEST_LOST,
        /** It is carried out, and nobody is told. */
        ANSWER_LOST,
        /** It reaches the store long after its timeout. */
        LATE
    }

    public SimMetadata(
            Timeline timeline,
            Dice dice,
            StoreFaults manners,
            Story story,
            StateListener listener) {
        this.timeline = timeline;
        this.dice = dice;
        this.manners = manners;
        this.story = story;
        this.listener = listener;
    }

    public void create(PartitionId partition, PartitionState state) {
        states.put(partition, new Stored(1, state));
    }

    /** A gateway process has started: it watches, and reads what there is. */
    public void gatewayStarted(MetadataClient client) {
        clients.put(client.machine(), client);
        states.keySet().forEach(partition -> read(client, partition));
    }

    public PartitionState stored(PartitionId partition) {
        return get(partition).state();
    }

    public long version(PartitionId partition) {
        return get(partition).version();
    }

    private Stored get(PartitionId partition) {
        Stored stored = states.get(partition);
        if (stored == null) {
            throw new IllegalArgumentException("no such partition: " + partition);
        }
        return stored;
    }

    /** After which a gateway takes the outcome of a compare-and-set for unknown. */
    public long timeoutNanos() {
        return manners.timeoutNanos();
    }

    /** The changes that may yet be made. */
    public List<Pending> pending() {
        return pending;
    }

    /** Cuts a machine off, or lets it back; requests made meanwhile wait or get lost. */
    public void setCutOff(int machine, boolean now) {
        if (now) {
            cutOff.add(machine);
        } else {
            cutOff.remove(machine);
        }
    }

    public boolean isCutOff(int machine) {
        return cutOff.contains(machine);
    }

    /** A linearizable read; the answer is old when it arrives. */
    public void read(MetadataClient client, PartitionId partition) {
        timeline.after(
                dice.around(manners.delayNanos()),
                () -> {
                    if (!isCutOff(client.machine())) {
                        Stored read = get(partition);
                        tellLater(client, partition, read, manners.delayNanos());
                    }
                });
    }

    private void tellLater(
            MetadataClient client, PartitionId partition, Stored seen, long typicalNanos) {
        timeline.after(
                dice.around(typicalNanos),
                () -> {
                    if (client.exists() && !isCutOff(client.machine())) {
                        client.observed(partition, seen.version(), seen.state());
                    }
                });
    }

    /** {@code ended} is told what became of it, unless that gets lost on the way. */
    public void compareAndSet(
            MetadataClient client,
            PartitionId partition,
            long expectedVersion,
            PartitionState next,
            Consumer<CasOutcome> ended) {
        Attempt request = new Attempt(client, new Pending(partition, expectedVersion, next), ended);
        if (request.mishap == Mishap.REQUEST_LOST) {
            return;
        }
        pending.add(request.change);
        long delay = dice.around(manners.delayNanos());
        if (request.mishap == Mishap.LATE) {
            delay += manners.timeoutNanos() + dice.around(manners.lateNanos());
        }
        timeline.after(delay, request::arrive);
    }

    /**
     * Says what will happen to the next compare-and-set; what it would be otherwise is left to
     * chance.
     */
    public void setNext(Mishap mishap) {
        next = mishap;
    }

    private Mishap rollMishap() {
        Mishap told = next;
        next = Mishap.NONE;
        if (told != Mishap.NONE) {
            return told;
        }
        if (dice.chance(manners.requestLostChance())) {
            return Mishap.REQUEST_LOST;
        }
        if (dice.chance(manners.lateChance())) {
            return Mishap.LATE;
        }
        return dice.chance(manners.answerLostChance()) ? Mishap.ANSWER_LOST : Mishap.NONE;
    }

    /** One compare-and-set between its sender and the store. */
    private final class Attempt {
        private final MetadataClient client;
        private final Pending change;
        private final Consumer<CasOutcome> ended;
        private final Mishap mishap;

        Attempt(MetadataClient client, Pending change, Consumer<CasOutcome> ended) {
            this.client = client;
            this.change = change;
            this.ended = ended;
            this.mishap = ambush.delays(client.machine(), change) ? Mishap.LATE : rollMishap();
        }

        void arrive() {
            if (isCutOff(client.machine())) {
                if (dice.chance(0.5)) {
                    pending.remove(change);
                } else {
                    timeline.after(dice.around(manners.timeoutNanos()), this::arrive);
                }
                return;
            }
            pending.remove(change);
            Stored now = get(change.partition());
            boolean applied = now.version() == change.expectedVersion();
            if (applied) {
                Stored stored = new Stored(now.version() + 1, change.next());
                states.put(change.partition(), stored);
                story.tell(
                        () ->
                                "metadata     v%d of %s: %s"
                                        .formatted(
                                                stored.version(),
                                                change.partition().partition(),
                                                stored.state()));
                listener.changed(change.partition(), stored.version(), now.state(), stored.state());
                clients.values()
                        .forEach(
                                c ->
                                        tellLater(
                                                c,
                                                change.partition(),
                                                stored,
                                                manners.watchNanos()));
            }
            if (mishap != Mishap.ANSWER_LOST) {
                Stored seen = get(change.partition());
                timeline.after(dice.around(manners.delayNanos()), () -> answer(applied, seen));
            }
        }

        private void answer(boolean applied, Stored seen) {
            if (client.exists() && !isCutOff(client.machine())) {
                ended.accept(
                        applied
                                ? new CasOutcome.Applied(seen.version())
                                : new CasOutcome.Refused(seen.version(), seen.state()));
            }
        }
    }
}
