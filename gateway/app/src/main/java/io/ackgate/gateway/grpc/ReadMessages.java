package io.ackgate.gateway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.ackgate.gateway.consume.DecodedRecords;
import io.ackgate.gateway.consume.RecordFormat;
import io.ackgate.gateway.consume.RecordMaker;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaderCursor;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.Header;
import io.ackgate.v1.SkippedBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** What is read as messages. They share the memory that it was read into. */
public final class ReadMessages {
    /** Makes the message of a record. */
    public static final RecordMaker<ConsumerRecord> RECORDS =
            new RecordMaker<>() {
                @Override
                public ConsumerRecord make(RecordBatchReader at) {
                    return record(at);
                }

                @Override
                public int bytes(RecordBatchReader at, ConsumerRecord made) {
                    return CodedOutputStream.computeMessageSize(1, made);
                }
            };

    private ReadMessages() {}

    /**
     * The format asked for.
     *
     * @param number of the enum's value, for what is refused
     */
    static RecordFormat format(io.ackgate.v1.RecordFormat format, int number) {
        return switch (format) {
            case RECORD_FORMAT_UNSPECIFIED, RECORD_FORMAT_RECORDS -> RecordFormat.RECORDS;
            case RECORD_FORMAT_BATCHES -> RecordFormat.BATCHES;
            case UNRECOGNIZED ->
                    throw RequestChecks.invalid("format", "format %d is unknown".formatted(number));
        };
    }

    static List<ByteString> batches(DecodedRecords<?> decoded) {
        return decoded.batches().stream().map(UnsafeByteOperations::unsafeWrap).toList();
    }

    static List<SkippedBatch> skipped(DecodedRecords<?> decoded) {
        return decoded.skipped().stream()
                .map(
                        one ->
                                SkippedBatch.newBuilder()
                                        .setOffset(one.offset())
                                        .setNextOffset(one.nextOffset())
                                        .setReason(one.reason())
                                        .build())
                .toList();
    }

    private static ConsumerRecord record(RecordBatchReader reader) {
        ConsumerRecord.Builder record =
                ConsumerRecord.newBuilder()
                        .setOffset(reader.offset())
                        .setTimestampMs(reader.timestampMillis());
        ByteBuffer key = reader.key();
        if (key != null) {
            record.setKey(UnsafeByteOperations.unsafeWrap(key));
        }
        ByteBuffer value = reader.value();
        if (value != null) {
            record.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        if (reader.headersCount() > 0) {
            RecordHeaderCursor headers = reader.headers();
            while (headers.next()) {
                record.addHeaders(header(headers));
            }
        }
        return record.build();
    }

    private static Header header(RecordHeaderCursor cursor) {
        Header.Builder header = Header.newBuilder().setKey(cursor.keyText());
        ByteBuffer value = cursor.value();
        if (value != null) {
            header.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        return header.build();
    }
}
