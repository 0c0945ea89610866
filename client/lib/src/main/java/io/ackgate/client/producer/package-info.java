/**
 * How records get from {@link io.ackgate.client.AckgateProducer} to the wire and their outcome
 * back. Internal: it may change with any version.
 *
 * <p>Place in the flow: the caller's thread puts a record into the open batch of its partition
 * ({@link io.ackgate.client.producer.PartitionQueue}). One thread, the sender's, owns everything
 * after that: it asks each partition's {@link io.ackgate.client.producer.PartitionPipeline} what to
 * send next, puts it on the one stream to the gateway ({@link
 * io.ackgate.client.producer.ProduceConnection}), and gives the answers back to the pipeline, which
 * decides what is retried, in which order and under which sequence, and what has ended.
 *
 * <p>Pipelines are pure: time is an argument, ends go out through an interface; no clock, no
 * thread, no socket.
 */
@NullMarked
package io.ackgate.client.producer;

import org.jspecify.annotations.NullMarked;
