package io.ackgate.storage.engine;

import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Whose data directory this is: the file {@code cookie}, three lines of text and one with their
 * CRC32C, so that a bit that turned over is no other node's name.
 *
 * <p>A disk that is mounted at the wrong node must not answer in its name (BookKeeper's cookies,
 * BOOKKEEPER-815), and a data directory without a cookie is nobody's.
 */
public final class IdentityCookie {
    private static final String PATH = "cookie";
    private static final String NEXT = "cookie.next";

    /** What ext2 to ext4 put into the root directory of a new file system. */
    private static final String OF_THE_FILE_SYSTEM = "lost+found";

    private static final int MAX_BYTES = 4096;

    private IdentityCookie() {}

    /** The data directory is another's. */
    public static final class WrongIdentityException extends IOException {
        private static final long serialVersionUID = 1;

        WrongIdentityException(String message) {
            super(message);
        }
    }

    /**
     * Checks that a data directory is this node's, or makes an empty one its own.
     *
     * @param clusterId the cluster that it must belong to, and does from now on if it belonged to
     *     none; {@link ClusterIds#NONE} for whatever it is
     * @param newDirectory the id that an empty directory gets
     * @throws WrongIdentityException if the directory names another node or cluster, or has content
     *     but no cookie that could be read
     */
    public static NodeIdentity claim(Disk disk, String clusterId, NodeId node, UUID newDirectory)
            throws IOException {
        List<String> content = new ArrayList<>(disk.list(""));
        // A running node holds it, and it says nothing of whose the directory is.
        content.remove(DirectoryLock.FILE);
        content.remove(OF_THE_FILE_SYSTEM);
        if (content.contains(PATH)) {
            NodeIdentity found = read(disk);
            requireOwner(found, clusterId, node);
            return join(disk, found, clusterId);
        }
        if (!content.isEmpty() && !content.equals(List.of(NEXT))) {
            throw new WrongIdentityException(
                    "the data directory holds %s and no cookie, so that nobody knows whose it is."
                                    .formatted(content)
                            + " If it is this node's, and its cookie or more was deleted, then what"
                            + " it had acknowledged cannot be relied on: move it away and start"
                            + " with an empty directory, and the gateways make the replicas anew"
                            + " from the others. If another directory was meant, mount or name that"
                            + " one");
        }
        NodeIdentity made = new NodeIdentity(clusterId, node, newDirectory);
        write(disk, made);
        return made;
    }

    /**
     * Makes the directory one of a cluster, if it is one of none. When it returns that is durable.
     *
     * @param identity what the cookie says
     * @return what it says from now on; another cluster's id, if the directory has one
     * @throws IOException if it cannot be written; the directory may belong to the cluster or not
     */
    public static NodeIdentity join(Disk disk, NodeIdentity identity, String clusterId)
            throws IOException {
        if (identity.hasCluster() || clusterId.equals(ClusterIds.NONE)) {
            return identity;
        }
        NodeIdentity joined = identity.in(clusterId);
        write(disk, joined);
        return joined;
    }

    private static void requireOwner(NodeIdentity found, String clusterId, NodeId node)
            throws WrongIdentityException {
        if (!found.node().equals(node)) {
            throw new WrongIdentityException(
                    "the data directory belongs to %s, not to %s: mount or name the one that is"
                                    .formatted(found, node)
                            + " this node's");
        }
        boolean any = clusterId.equals(ClusterIds.NONE) || !found.hasCluster();
        if (!any && !found.clusterId().equals(clusterId)) {
            throw new WrongIdentityException(
                    "the data directory belongs to %s, not to cluster '%s': mount or name the one"
                                    .formatted(found, clusterId)
                            + " that is of that cluster, or correct ackgate.cluster-id");
        }
    }

    private static NodeIdentity read(Disk disk) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        try (DiskFile file = disk.open(PATH)) {
            file.read(bytes, 0);
        }
        String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        List<String> lines = Arrays.asList(text.split("\n", -1));
        try {
            if (lines.size() >= 4 && lines.getLast().isEmpty()) {
                NodeIdentity found =
                        new NodeIdentity(
                                value(lines.get(0), "cluster"),
                                new NodeId(Integer.parseInt(value(lines.get(1), "node"))),
                                UUID.fromString(value(lines.get(2), "directory")));
                if (text.equals(text(found))) {
                    return found;
                }
                if (text.equals(names(found))) {
                    throw otherFormat(found);
                }
            }
        } catch (IllegalArgumentException unreadable) {
            // Said below, with the rest of what a cookie may not be.
        }
        throw new WrongIdentityException(
                "the data directory's cookie is damaged, so that nobody knows whose it is: put it"
                        + " back as it was, or move the directory away and start with an empty one,"
                        + " and the gateways make the replicas anew from the others. It says "
                        + text);
    }

    /** What an earlier version wrote, or what is left without the last line. */
    private static WrongIdentityException otherFormat(NodeIdentity found) {
        return new WrongIdentityException(
                "the data directory's cookie is of another format: it names %s and".formatted(found)
                        + " has no line crc32c, which this version writes. The data is not in"
                        + " question: start the version that wrote it, or put the cookie back as"
                        + " this version had written it");
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name + "=")) {
            throw new IllegalArgumentException(line);
        }
        return line.substring(name.length() + 1);
    }

    private static void write(Disk disk, NodeIdentity identity) throws IOException {
        disk.delete(NEXT);
        try (DiskFile file = disk.create(NEXT)) {
            file.write(ByteBuffer.wrap(text(identity).getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(NEXT, PATH);
        disk.syncDirectory("");
    }

    private static String names(NodeIdentity identity) {
        return "cluster=%s\nnode=%d\ndirectory=%s\n"
                .formatted(identity.clusterId(), identity.node().value(), identity.directory());
    }

    private static String text(NodeIdentity identity) {
        String text = names(identity);
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return text + "crc32c=%08x\n".formatted(crc.getValue());
    }
}
