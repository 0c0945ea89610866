package io.ackgate.client.cli;

import io.ackgate.client.Endpoint;
import io.ackgate.client.RequestException;
import io.ackgate.client.Tls;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.Gateways;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeTopicRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether there is a gateway and a topic before records are sent: a producer would wait for
 * both, which a person at a terminal takes for a hang.
 */
final class TopicProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TopicProbe() {}

    /**
     * Returns if the topic is there.
     *
     * @throws RequestException if it is not, or no gateway answers
     */
    static void requireTopic(List<Endpoint> endpoints, @Nullable Tls tls, String topic) {
        try (Gateways gateways = new Gateways(endpoints, ChannelFactory.of(tls))) {
            new UnaryCalls(gateways, PATIENCE)
                    .call(
                            ClusterServiceGrpc.getDescribeTopicMethod(),
                            DescribeTopicRequest.newBuilder().setTopic(topic).build());
        }
    }
}
