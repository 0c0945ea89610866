package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.KafkaBatches.Head;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** Whatever ends the reading of a compressed batch gives the decompressor's memory back. */
class ClosedRecordStreamTest {
    private static final ByteBuffer BATCH =
            KafkaBatches.write(
                    Head.of(CompressionType.GZIP),
                    List.of(
                            new SampleRecord(0, null, new byte[5_000], List.of()),
                            new SampleRecord(0, null, new byte[50], List.of())));

    private final Counting decompressor = new Counting();
    private final RecordBatchReader reader = new RecordBatchReader(Samples.ENOUGH, decompressor);

    /** Gzip, whose streams are counted. */
    private static final class Counting implements Decompressor {
        private final GzipDecompressor gzip = new GzipDecompressor();
        private int opened;
        private int closed;

        @Override
        public Compression compression() {
            return Compression.GZIP;
        }

        @Override
        public InputStream stream(ByteBuffer compressed) throws IOException {
            InputStream plain = gzip.stream(compressed);
            opened++;
            return new FilterInputStream(plain) {
                @Override
                public void close() throws IOException {
                    closed++;
                    super.close();
                }
            };
        }
    }

    private void start(int maxRecordBytes) throws UnreadableBatchException {
        reader.resetAt(BATCH, Long.MIN_VALUE, maxRecordBytes);
        assertEquals(1, decompressor.opened);
    }

    @Test
    void the_end_of_the_batch_closes_it() throws Exception {
        start(Samples.ENOUGH);
        while (reader.next()) {
            assertEquals(0, decompressor.closed);
        }
        assertEquals(1, decompressor.closed);
        assertFalse(reader.next(), "there is still no more");
    }

    @Test
    void a_failure_closes_it() throws Exception {
        start(100);
        assertThrows(UnreadableBatchException.class, reader::next);
        assertEquals(1, decompressor.closed);
    }

    @Test
    void another_batch_closes_it() throws Exception {
        start(Samples.ENOUGH);
        assertTrue(reader.next());
        reader.reset(BATCH);
        assertEquals(2, decompressor.opened);
        assertEquals(2, decompressor.closed, "the one before, and this one, which is read whole");
    }

    @Test
    void closing_the_reader_closes_it_and_keeps_no_record() throws Exception {
        start(Samples.ENOUGH);
        assertTrue(reader.next());
        reader.close();
        reader.close();
        assertEquals(1, decompressor.closed);
        assertEquals(0, reader.records().capacity());
        assertFalse(reader.next());
    }
}
