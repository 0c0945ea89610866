package io.ackgate.gateway.config;

import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The storage nodes as the setting names them: host:port, in the order of their ids, 1 first. */
public final class NodeAddresses {
    private NodeAddresses() {}

    /** Addresses that {@link SettingsCheck} has found nothing wrong with. */
    public static Map<NodeId, NodeAddress> parse(List<String> nodes) {
        Map<NodeId, NodeAddress> addresses = new TreeMap<>();
        for (String node : nodes) {
            int colon = node.lastIndexOf(':');
            String host = node.substring(0, colon);
            addresses.put(
                    new NodeId(addresses.size() + 1),
                    new NodeAddress(
                            host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                            Integer.parseInt(node.substring(colon + 1))));
        }
        return addresses;
    }
}
