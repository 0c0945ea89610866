package io.ackgate.storage.disk;

/**
 * The data directory was deleted or replaced under a running node. What the node writes is nowhere
 * any more, so that it must not acknowledge anything, and only an operator knows what happened.
 */
public final class DataDirectoryGoneException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public DataDirectoryGoneException(String file) {
        super(
                file
                        + " is not there any more, or is another file: the data directory was"
                        + " deleted or replaced while the node ran, and nothing more is"
                        + " acknowledged. Put the directory back as it was and start the node"
                        + " again; or start it with an empty directory, and the gateways make its"
                        + " replicas anew from the others");
    }
}
