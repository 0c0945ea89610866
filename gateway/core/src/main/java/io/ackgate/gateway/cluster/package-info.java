/** What the cluster is and which storage nodes belong to it, as the metadata store has it. */
@NullMarked
package io.ackgate.gateway.cluster;

import org.jspecify.annotations.NullMarked;
