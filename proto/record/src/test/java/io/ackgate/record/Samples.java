package io.ackgate.record;

import io.ackgate.record.SampleRecord.SampleHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Where tests get their bytes from: real events, golden files and seeded chance. */
final class Samples {
    static final int ENOUGH = 1 << 20;

    private Samples() {}

    /** Fifty earthquakes as JSON lines, as their service published them. */
    static List<SampleRecord> earthquakes() {
        List<SampleRecord> records = new ArrayList<>();
        for (String line :
                new String(resource("earthquakes-50.jsonl"), StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
            String time = after(line, "\"time\":").split(",", 2)[0];
            String net = after(line, "\"net\":\"").split("\"", 2)[0];
            records.add(
                    new SampleRecord(
                            Long.parseLong(time),
                            net.getBytes(StandardCharsets.UTF_8),
                            line.getBytes(StandardCharsets.UTF_8),
                            List.of(new SampleHeader("content-type", utf8("application/json")))));
        }
        return records;
    }

    private static String after(String line, String mark) {
        return line.substring(line.indexOf(mark) + mark.length());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes of a golden file: what stands behind # is for the reader. */
    static byte[] golden(String name) {
        String text = new String(resource("golden/" + name), StandardCharsets.UTF_8);
        return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One to forty records of every shape: null, empty, short, long, with and without headers. */
    static List<SampleRecord> random(RandomGenerator random) {
        List<SampleRecord> records = new ArrayList<>();
        long base = random.nextLong(0, 1L << random.nextInt(1, 45));
        for (int count = random.nextInt(1, 41); count > 0; count--) {
            long timestamp =
                    switch (random.nextInt(4)) {
                        case 0 -> base;
                        case 1 -> base + random.nextInt(100);
                        case 2 -> Math.max(0, base - random.nextInt(100_000));
                        default -> random.nextLong(0, 1L << random.nextInt(1, 62));
                    };
            List<SampleHeader> headers = new ArrayList<>();
            for (int i = random.nextInt(4) == 0 ? random.nextInt(5) : 0; i > 0; i--) {
                headers.add(new SampleHeader("k" + random.nextInt(1000), randomBytes(random)));
            }
            records.add(
                    new SampleRecord(timestamp, randomBytes(random), randomBytes(random), headers));
        }
        return records;
    }

    private static byte @Nullable [] randomBytes(RandomGenerator random) {
        int length =
                switch (random.nextInt(5)) {
                    case 0 -> -1;
                    case 1 -> 0;
                    case 2 -> random.nextInt(1, 10);
                    case 3 -> random.nextInt(60, 70);
                    default -> random.nextInt(1, 1200);
                };
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Builds a batch of the records, with this package's builder. */
    static ByteBuffer build(List<SampleRecord> records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, ENOUGH);
        appendAll(builder, records);
        return builder.build();
    }

    static void appendAll(RecordBatchBuilder builder, List<SampleRecord> records) {
        RecordHeaders headers = new RecordHeaders();
        for (SampleRecord sample : records) {
            headers.clear();
            sample.headers().forEach(header -> headers.add(header.key(), header.value()));
            if (!builder.append(sample.timestampMillis(), sample.key(), sample.value(), headers)) {
                throw new IllegalStateException("no room for " + sample);
            }
        }
    }

    /** Reads a batch with this package's reader. */
    static List<String> read(ByteBuffer batch) throws UnreadableBatchException {
        RecordBatchReader reader = new RecordBatchReader(ENOUGH);
        reader.reset(batch);
        return read(reader);
    }

    /** Reads what is left. */
    static List<String> read(RecordBatchReader reader) throws UnreadableBatchException {
        List<String> texts = new ArrayList<>();
        while (reader.next()) {
            List<SampleHeader> headers = new ArrayList<>();
            RecordHeaderCursor header = reader.headers();
            while (header.next()) {
                headers.add(
                        new SampleHeader(
                                header.keyText(), SampleRecord.nullableBytes(header.value())));
            }
            texts.add(
                    new SampleRecord(
                                    reader.timestampMillis(),
                                    SampleRecord.nullableBytes(reader.key()),
                                    SampleRecord.nullableBytes(reader.value()),
                                    headers)
                            .text(reader.offset()));
        }
        return texts;
    }

    /** Puts a frame's head room before a batch. */
    static ByteBuffer withHeadRoom(ByteBuffer batch) {
        ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + batch.remaining());
        frame.put(BatchFrame.FRAME_HEADER_BYTES, batch, batch.position(), batch.remaining());
        return frame;
    }

    /** A copy that may be changed, with the batch's checksum made right after the change. */
    static ByteBuffer changed(ByteBuffer batch, java.util.function.Consumer<ByteBuffer> change) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining());
        copy.put(0, batch, batch.position(), batch.remaining());
        change.accept(copy);
        copy.putInt(RecordBatch.CRC, RecordBatch.computeCrc(copy, 0, copy.limit()));
        return copy;
    }
}
