package io.ackgate.replication.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.v1.AssignRequest;
import io.ackgate.storage.v1.ConfigureRequest;
import io.ackgate.storage.v1.DamagedAnswer;
import io.ackgate.storage.v1.EpochStart;
import io.ackgate.storage.v1.FaultyAnswer;
import io.ackgate.storage.v1.FenceRequest;
import io.ackgate.storage.v1.FencedAnswer;
import io.ackgate.storage.v1.KnownProducers;
import io.ackgate.storage.v1.ProducerBatch;
import io.ackgate.storage.v1.ProducerEntry;
import io.ackgate.storage.v1.ProducersAnswer;
import io.ackgate.storage.v1.RecordsAnswer;
import io.ackgate.storage.v1.RefusedAnswer;
import io.ackgate.storage.v1.ReplicaAnswer;
import io.ackgate.storage.v1.ReplicaRequest;
import io.ackgate.storage.v1.ReplicaSettings;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CodecTest {
    @Test
    void every_request_comes_out_as_it_went_in() throws Exception {
        List<StorageRequest> requests = Samples.requests();
        assertEquals(Samples.kinds(StorageRequest.class), classes(requests));

        ReplicateRequest arrived =
                overTheWire(
                        ReplicaMethods.REPLICATE.getRequestMarshaller(),
                        ReplicaMethods.message(requests));

        List<StorageRequest> decoded = new ArrayList<>();
        for (ReplicaRequest request : arrived.getRequestsList()) {
            decoded.add(RequestCodec.decode(request));
        }
        assertEquals(requests, decoded);
    }

    @Test
    void every_answer_comes_out_as_it_went_in() throws Exception {
        List<StorageAnswer> answers = Samples.answers();
        assertEquals(Samples.kinds(StorageAnswer.class), classes(answers));

        ReplicateResponse arrived =
                overTheWire(
                        ReplicaMethods.REPLICATE.getResponseMarshaller(),
                        ReplicaMethods.response(answers));

        List<StorageAnswer> decoded = new ArrayList<>();
        for (ReplicaAnswer answer : arrived.getAnswersList()) {
            decoded.add(AnswerCodec.decode(answer));
        }
        assertEquals(answers, decoded);
    }

    @Test
    @SuppressWarnings("ByteBufferBackingArray") // which array it is, is the question
    void frames_that_arrive_are_parts_of_the_one_array_that_was_read() throws Exception {
        List<StorageRequest> appends =
                List.of(
                        new StorageRequest.Append(Samples.PARTITION, 1, Samples.bytes(5000), 1),
                        new StorageRequest.Append(Samples.PARTITION, 1, Samples.bytes(90), 1));

        ReplicateRequest arrived =
                overTheWire(
                        ReplicaMethods.REPLICATE.getRequestMarshaller(),
                        ReplicaMethods.message(appends));

        ByteBuffer first = frame(arrived.getRequests(0));
        ByteBuffer second = frame(arrived.getRequests(1));
        assertSame(first.array(), second.array());
        assertEquals(0, first.position());
        assertEquals(5000, first.limit());
        assertEquals(5000, first.capacity(), "nothing else of the message may be reached");
    }

    @Test
    void a_frame_is_sent_without_being_copied_or_moved() {
        ByteBuffer frame = Samples.bytes(100);
        int position = frame.position();

        ReplicaRequest message =
                RequestCodec.encode(new StorageRequest.Append(Samples.PARTITION, 1, frame, 0));
        frame.put(position, (byte) 99);

        assertEquals(99, message.getAppend().getFrame().byteAt(0));
        assertEquals(position, frame.position());
        assertEquals(100, frame.remaining());
    }

    @Test
    void frames_in_direct_memory_pass_as_well() throws Exception {
        ByteBuffer frame = ByteBuffer.allocateDirect(300).put(0, (byte) 5).put(299, (byte) 6);
        StorageRequest append = new StorageRequest.Append(Samples.PARTITION, 1, frame, 0);

        ReplicateRequest arrived =
                overTheWire(
                        ReplicaMethods.REPLICATE.getRequestMarshaller(),
                        ReplicaMethods.message(List.of(append)));

        assertEquals(append, RequestCodec.decode(arrived.getRequests(0)));
    }

    @Test
    void a_request_that_asks_for_nothing_or_cannot_be_is_refused_with_the_reason() {
        ReplicaRequest fence =
                ReplicaRequest.newBuilder()
                        .setEpoch(1)
                        .setFence(FenceRequest.getDefaultInstance())
                        .build();
        assertRefused("asks for nothing that is known", fence.toBuilder().clearFence());
        assertRefused("epoch is 0", fence.toBuilder().clearEpoch());
        assertRefused("partition is -1", fence.toBuilder().setPartition(-1));
        assertRefused(
                "settings are missing",
                fence.toBuilder().setAssign(AssignRequest.newBuilder().setIncarnation(1)));
        assertRefused(
                "durability is 0",
                fence.toBuilder()
                        .setConfigure(
                                ConfigureRequest.newBuilder()
                                        .setSettings(ReplicaSettings.newBuilder())));
        assertRefused(
                "durability is 77",
                fence.toBuilder()
                        .setConfigure(
                                ConfigureRequest.newBuilder()
                                        .setSettings(
                                                ReplicaSettings.newBuilder()
                                                        .setDurabilityValue(77))));
    }

    @Test
    void a_request_of_a_later_version_is_refused_and_not_taken_for_another() throws Exception {
        // Field 4000, which no version here knows, where the request would be.
        byte[] later =
                ReplicaRequest.newBuilder()
                        .setEpoch(1)
                        .setUnknownFields(
                                com.google.protobuf.UnknownFieldSet.newBuilder()
                                        .addField(
                                                4000,
                                                com.google.protobuf.UnknownFieldSet.Field
                                                        .newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                        .build()
                        .toByteArray();
        assertRefused(
                "asks for nothing that is known", ReplicaRequest.newBuilder().mergeFrom(later));
    }

    @Test
    void an_answer_that_says_nothing_or_cannot_be_is_refused_with_the_reason() {
        ReplicaAnswer.Builder answer = ReplicaAnswer.newBuilder();
        assertRefused("says nothing that is known", answer);
        assertRefused("FAULT_UNSPECIFIED", answer.setFaulty(FaultyAnswer.newBuilder()));
        assertRefused("FAULT_UNSPECIFIED", answer.setDamaged(DamagedAnswer.newBuilder()));
        assertRefused("REFUSAL_UNSPECIFIED", answer.setRefused(RefusedAnswer.newBuilder()));
        assertRefused(
                "UNRECOGNIZED", answer.setRefused(RefusedAnswer.newBuilder().setReasonValue(88)));
        assertRefused("READ_STATUS_UNSPECIFIED", answer.setRecords(RecordsAnswer.newBuilder()));
        EpochStart link = EpochStart.newBuilder().setEpoch(2).setStartOffset(5).build();
        assertRefused(
                "chain", answer.setFenced(FencedAnswer.newBuilder().addChain(link).addChain(link)));
        assertRefused(
                "chain",
                answer.setFenced(
                        FencedAnswer.newBuilder()
                                .addChain(link)
                                .addChain(link.toBuilder().setEpoch(3))));
        ProducerEntry.Builder entry = ProducerEntry.newBuilder().setProducerId(4);
        assertRefused("producer 4 has 0 batches", producers(entry));
        for (int i = 0; i < 6; i++) {
            entry.addBatches(ProducerBatch.getDefaultInstance());
        }
        assertRefused("producer 4 has 6 batches", producers(entry));
        assertRefused("producer_epoch is 40000", producers(entry.setProducerEpoch(40_000)));
    }

    @Test
    void bytes_that_are_no_message_end_the_stream_as_the_peers_fault() {
        byte[] noise = {(byte) 0xff, (byte) 0xff, 3};
        StatusRuntimeException thrown =
                assertThrows(
                        StatusRuntimeException.class,
                        () ->
                                ReplicaMethods.REPLICATE
                                        .getRequestMarshaller()
                                        .parse(new ByteArrayInputStream(noise)));
        assertEquals(Status.Code.INVALID_ARGUMENT, thrown.getStatus().getCode());
    }

    private static ReplicaAnswer.Builder producers(ProducerEntry.Builder entry) {
        return ReplicaAnswer.newBuilder()
                .setProducers(
                        ProducersAnswer.newBuilder()
                                .setKnown(KnownProducers.newBuilder().addEntries(entry)));
    }

    private static void assertRefused(String reason, ReplicaRequest.Builder message) {
        var thrown =
                assertThrows(
                        MalformedMessageException.class,
                        () -> RequestCodec.decode(message.build()));
        assertTrue(String.valueOf(thrown.getMessage()).contains(reason), thrown.getMessage());
    }

    private static void assertRefused(String reason, ReplicaAnswer.Builder message) {
        var thrown =
                assertThrows(
                        MalformedMessageException.class, () -> AnswerCodec.decode(message.build()));
        assertTrue(String.valueOf(thrown.getMessage()).contains(reason), thrown.getMessage());
    }

    private static ByteBuffer frame(ReplicaRequest message) throws MalformedMessageException {
        return assertInstanceOf(StorageRequest.Append.class, RequestCodec.decode(message)).frame();
    }

    private static Set<Class<?>> classes(List<?> messages) {
        return messages.stream().map(Object::getClass).collect(Collectors.toSet());
    }

    private static <M> M overTheWire(MethodDescriptor.Marshaller<M> marshaller, M message)
            throws IOException {
        byte[] bytes;
        try (var stream = marshaller.stream(message)) {
            bytes = stream.readAllBytes();
        }
        return marshaller.parse(new ByteArrayInputStream(bytes));
    }
}
