/**
 * Metadata on etcd, version 3.4 or later: the store, on etcd's own messages. Each key's version is
 * its mod_revision, which grows over deletions as well.
 *
 * <p>One watch of everything below the prefix feeds all watches of the gateway, and tells how full
 * the store is.
 */
@NullMarked
package io.ackgate.gateway.metadata.etcd;

import org.jspecify.annotations.NullMarked;
