package io.ackgate.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A record as tests speak of it; compared by its text, which shows what differs. */
record SampleRecord(
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<SampleHeader> headers) {

    record SampleHeader(String key, byte @Nullable [] value) {}

    String text(long offset) {
        String headerTexts =
                headers.stream()
                        .map(header -> header.key() + "=" + hex(header.value()))
                        .collect(Collectors.joining(","));
        return "%d @%d %s -> %s {%s}"
                .formatted(offset, timestampMillis, hex(key), hex(value), headerTexts);
    }

    static List<String> texts(List<SampleRecord> records, long baseOffset) {
        List<String> texts = new ArrayList<>();
        for (SampleRecord record : records) {
            texts.add(record.text(baseOffset + texts.size()));
        }
        return texts;
    }

    static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "null" : "'" + HexFormat.of().formatHex(bytes) + "'";
    }

    static byte @Nullable [] nullableBytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : bytes(buffer);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
