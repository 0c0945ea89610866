/**
 * What is asked of the cluster rather than of records: topics and their partitions, leaders,
 * producers, storage nodes and gateways. The doors that {@code grpc} and {@code rest} translate to;
 * the caller comes first.
 */
@NullMarked
package io.ackgate.gateway.admin;

import org.jspecify.annotations.NullMarked;
