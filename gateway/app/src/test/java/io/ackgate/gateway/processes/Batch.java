package io.ackgate.gateway.processes;

import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;

/**
 * Records of one producer that are sent together, once or again.
 *
 * @param sequence of the first record, in its producer's session
 * @param firstNumber of the first record; no other record of the partition ever has it
 * @param attempts how often it was sent, 1 or more
 */
record Batch(
        Place place, InitProducerResponse session, int sequence, long firstNumber, int attempts) {

    /** Records of each batch. */
    static final int RECORDS = 4;

    /** The same, to be sent once more. */
    Batch again() {
        return new Batch(place, session, sequence, firstNumber, attempts + 1);
    }

    /** With a default timeout and acks=all. */
    ProduceRequest request() {
        ProduceRequest.Builder request =
                ProduceRequest.newBuilder()
                        .setTopic(place.topic())
                        .setPartition(place.partition())
                        .setProducer(
                                ProducerSequence.newBuilder()
                                        .setProducerId(session.getProducerId())
                                        .setProducerEpoch(session.getProducerEpoch())
                                        .setBaseSequence(sequence));
        for (int i = 0; i < RECORDS; i++) {
            request.addRecords(Quakes.record(firstNumber + i));
        }
        return request.build();
    }
}
