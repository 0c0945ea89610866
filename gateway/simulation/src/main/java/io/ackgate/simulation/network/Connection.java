package io.ackgate.simulation.network;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream open from a gateway process to a node: a stream, its successors, and those of
 * its predecessors of which something may still arrive.
 */
final class Connection {
    private final Timeline timeline;
    private final Dice dice;
    private final Weather weather;
    private final Link link;
    private final GatewayEnd gateway;
    private final NodeEnd node;
    private final List<SimStream> streams = new ArrayList<>();
    private @Nullable SimStream current;
    private long lastNumber;
    private boolean watchingSilence;

    Connection(
            Timeline timeline,
            Dice dice,
            Weather weather,
            Link link,
            GatewayEnd gateway,
            NodeEnd node) {
        this.timeline = timeline;
        this.dice = dice;
        this.weather = weather;
        this.link = link;
        this.gateway = gateway;
        this.node = node;
    }

    /** Tries until a stream is open, for as long as the gateway process exists. */
    void open() {
        if (!gateway.exists() || current != null) {
            return;
        }
        if (!link.isWhole() || !node.isUp()) {
            timeline.after(weather.reconnectNanos(), this::open);
            return;
        }
        SimStream stream = new SimStream(gateway, node, ++lastNumber);
        stream.connect(
                new Pipe<>(timeline, dice, weather, link::isCutToNode, stream::deliverRequest),
                new Pipe<>(timeline, dice, weather, link::isCutToGateway, stream::deliverAnswer));
        current = stream;
        streams.add(stream);
        timeline.after(
                2 * weather.delay(dice),
                () -> {
                    if (!gateway.exists() || current != stream) {
                        return;
                    }
                    if (stream.reaches(node)) {
                        stream.openAtGateway();
                    } else {
                        current = null;
                        timeline.after(weather.reconnectNanos(), this::open);
                    }
                });
    }

    void send(long number, StorageRequest request) {
        SimStream stream = current;
        if (stream != null && stream.number() == number) {
            stream.request(request);
        }
    }

    /** The stream breaks; its ends notice each in their own time. */
    void breakStream() {
        SimStream stream = current;
        if (stream != null && stream.isOpenAtGateway()) {
            stream.breakOff();
            timeline.after(dice.around(weather.delayNanos()), () -> noticeAtGateway(stream));
            noticeAtNode(stream);
        }
    }

    private void noticeAtGateway(SimStream stream) {
        stream.closeAtGateway();
        if (current == stream) {
            current = null;
            timeline.after(weather.reconnectNanos(), this::open);
        }
    }

    private void noticeAtNode(SimStream stream) {
        if (!dice.chance(weather.deafChance())) {
            timeline.after(dice.around(weather.keepAliveNanos()), stream::closeAtNode);
        }
    }

    /** The node's process is gone; the gateway hears of it at once, or only by the silence. */
    void loseNode(boolean atOnce) {
        for (SimStream stream : streams) {
            stream.loseNode();
        }
        streams.clear();
        SimStream stream = current;
        if (stream != null) {
            long heardAfter = atOnce ? weather.delayNanos() : weather.keepAliveNanos();
            timeline.after(dice.around(heardAfter), () -> noticeAtGateway(stream));
        }
    }

    /** The gateway's process is gone; what it sent may still be on its way. */
    void loseGateway() {
        SimStream stream = current;
        current = null;
        if (stream != null) {
            stream.breakOff();
            noticeAtNode(stream);
        }
    }

    /**
     * One or both directions have just been cut: the end that hears nothing long enough gives up.
     */
    void linkCut() {
        if (!watchingSilence) {
            watchingSilence = true;
            timeline.after(dice.around(weather.keepAliveNanos()), this::silence);
        }
    }

    private void silence() {
        watchingSilence = false;
        if (link.isWhole() || !gateway.exists()) {
            return;
        }
        SimStream stream = current;
        if (stream != null && stream.isOpenAtGateway()) {
            stream.breakOff();
            noticeAtGateway(stream);
            noticeAtNode(stream);
        }
        linkCut();
    }

    void linkMended() {
        for (SimStream stream : streams) {
            stream.deliver();
        }
    }
}
