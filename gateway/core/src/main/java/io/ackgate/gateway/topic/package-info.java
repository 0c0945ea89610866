/**
 * Topics: what they are called, how many partitions and replicas they have, and their settings.
 *
 * <p>A topic's key in the metadata store is the one truth about it: its partitions' states follow
 * from it and can be made again by any gateway. Names and settings are Kafka's, refusals carry
 * Kafka's error names.
 */
@NullMarked
package io.ackgate.gateway.topic;

import org.jspecify.annotations.NullMarked;
