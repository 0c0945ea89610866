package io.ackgate.gateway.processes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Topics for a load: one per durability. */
final class Topics {
    private static final int PARTITIONS = 3;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Topics() {}

    /** Creates new topics and names all their partitions. */
    static List<Place> create(GatewayAccess gateway) throws Exception {
        return create(gateway, Map.of());
    }

    /** As {@link #create(GatewayAccess)}, with further settings of the topics. */
    static List<Place> create(GatewayAccess gateway, Map<String, String> settings)
            throws Exception {
        List<Place> places = new ArrayList<>();
        int number = NUMBER.incrementAndGet();
        for (String durability : List.of("fsync", "page-cache")) {
            String topic = "%s-%d".formatted(durability, number);
            Map<String, String> all = new HashMap<>(settings);
            all.put("ackgate.durability", durability);
            gateway.createTopic(topic, PARTITIONS, all);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                places.add(new Place(topic, partition));
            }
        }
        return places;
    }
}
