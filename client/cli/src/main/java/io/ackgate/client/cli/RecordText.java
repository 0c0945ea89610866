package io.ackgate.client.cli;

import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.RecordHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A record as a line for people: what was asked for of it, with tabs between, and its value. */
final class RecordText {
    /** What may stand before a value. */
    enum Field {
        PARTITION,
        OFFSET,
        TIMESTAMP,
        KEY,
        HEADERS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<Field> fields;
    private final byte[] noValue;

    /**
     * @param fields in the order in which they are printed
     * @param noValue what stands for a record without a value
     */
    RecordText(List<Field> fields, String noValue) {
        this.fields = List.copyOf(fields);
        this.noValue = bytes(noValue);
    }

    /** Writes the line, without its end. Keys, header values and values are the bytes they are. */
    void write(ConsumedRecord record, OutputStream out) throws IOException {
        for (Field field : fields) {
            switch (field) {
                case PARTITION -> out.write(bytes(Integer.toString(record.partition())));
                case OFFSET -> out.write(bytes(Long.toString(record.offset())));
                case TIMESTAMP -> out.write(bytes(Long.toString(record.timestampMillis())));
                case KEY -> out.write(orNull(record.key()));
                case HEADERS -> writeHeaders(record.headers(), out);
            }
            out.write('\t');
        }
        byte[] value = record.value();
        out.write(value == null ? noValue : value);
    }

    private static void writeHeaders(List<RecordHeader> headers, OutputStream out)
            throws IOException {
        for (int i = 0; i < headers.size(); i++) {
            out.write(bytes((i == 0 ? "" : ",") + headers.get(i).key() + "="));
            out.write(orNull(headers.get(i).value()));
        }
    }

    private static byte[] orNull(byte @Nullable [] bytes) {
        return bytes == null ? bytes("null") : bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
