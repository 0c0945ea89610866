package io.ackgate.gateway.produce;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that are objects of their own, for listeners that are not made for load. */
public record NewRecords(List<NewRecord> list) implements Payload.Records {
    /**
     * One record.
     *
     * @param timestampMillis milliseconds since 1970; null for the time of arrival
     */
    public record NewRecord(
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<NewHeader> headers,
            @Nullable Long timestampMillis) {}

    /**
     * One header.
     *
     * @param key in UTF-8
     */
    public record NewHeader(ByteBuffer key, @Nullable ByteBuffer value) {}

    @Override
    public int count() {
        return list.size();
    }

    @Override
    public @Nullable ByteBuffer key(int index) {
        return copy(list.get(index).key());
    }

    @Override
    public @Nullable ByteBuffer value(int index) {
        return copy(list.get(index).value());
    }

    @Override
    public int contentBytes(int index) {
        NewRecord record = list.get(index);
        return bytes(record.key()) + bytes(record.value());
    }

    @Override
    public long timestampMillis(int index, long unset) {
        Long given = list.get(index).timestampMillis();
        return given == null ? unset : given;
    }

    @Override
    public int headerCount(int index) {
        return list.get(index).headers().size();
    }

    @Override
    public ByteBuffer headerKey(int index, int header) {
        return list.get(index).headers().get(header).key().duplicate();
    }

    @Override
    public @Nullable ByteBuffer headerValue(int index, int header) {
        return copy(list.get(index).headers().get(header).value());
    }

    @Override
    public int headerBytes(int index, int header) {
        NewHeader given = list.get(index).headers().get(header);
        return given.key().remaining() + bytes(given.value());
    }

    /** Its position may be moved, unlike that of what is kept here. */
    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer kept) {
        return kept == null ? null : kept.duplicate();
    }

    private static int bytes(@Nullable ByteBuffer kept) {
        return kept == null ? 0 : kept.remaining();
    }
}
