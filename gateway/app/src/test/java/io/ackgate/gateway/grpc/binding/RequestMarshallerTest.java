package io.ackgate.gateway.grpc.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.grpc.binding.RequestMarshaller.Defect;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProducerRecord;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests that become far more than they are on the wire. */
class RequestMarshallerTest {
    private static final RequestMarshaller<ProduceStreamRequest> REQUESTS =
            new RequestMarshaller<>(ProduceStreamRequest.getDefaultInstance());

    private static @Nullable Defect defect(byte[] bytes) {
        return REQUESTS.defect(REQUESTS.parse(new ByteArrayInputStream(bytes)));
    }

    private static byte[] request(ProducerRecord record, int count) {
        return ProduceStreamRequest.newBuilder()
                .setProduce(
                        ProduceRequest.newBuilder()
                                .setTopic("t".repeat(200_000))
                                .addAllRecords(Collections.nCopies(count, record)))
                .build()
                .toByteArray();
    }

    @Test
    void records_that_are_next_to_nothing_are_counted() {
        ProducerRecord empty = ProducerRecord.getDefaultInstance();
        // One part is the request within the message of the stream.
        assertNull(defect(request(empty, RequestMarshaller.MAX_PARTS - 1)));
        assertEquals(Defect.TOO_MANY_PARTS, defect(request(empty, RequestMarshaller.MAX_PARTS)));
        assertEquals(Defect.TOO_MANY_PARTS, defect(request(empty, 9_000_000)));
    }

    @Test
    void so_are_headers() {
        ProducerRecord record =
                ProducerRecord.newBuilder()
                        .addAllHeaders(Collections.nCopies(999, Header.getDefaultInstance()))
                        .build();
        assertNull(defect(request(record, 99)));
        assertEquals(Defect.TOO_MANY_PARTS, defect(request(record, 100)));
    }

    @Test
    void bytes_that_are_no_message_are_counted_as_none() {
        byte[] broken = request(ProducerRecord.getDefaultInstance(), 10);
        broken[broken.length - 1] = 100;
        assertEquals(Defect.MALFORMED, defect(broken));
        assertEquals(Defect.MALFORMED, defect(new byte[1 << 20]));
    }
}
