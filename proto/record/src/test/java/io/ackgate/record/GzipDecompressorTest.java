package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.UnreadableBatchException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipDecompressorTest {
    private static final GzipDecompressor GZIP = new GzipDecompressor();

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static ByteBuffer plain(ByteBuffer compressed, int maxBytes)
            throws UnreadableBatchException {
        return RecordStream.whole(GZIP, compressed, maxBytes);
    }

    private static byte[] plain(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void every_size_up_to_the_bound_and_none_beyond_it() throws Exception {
        for (int length = 0; length < 3000; length += 1 + length / 20) {
            byte[] plain = plain(length);
            ByteBuffer compressed = ByteBuffer.wrap(gzip(plain)).asReadOnlyBuffer();
            assertEquals(ByteBuffer.wrap(plain), plain(compressed, length));
            assertEquals(ByteBuffer.wrap(plain), plain(compressed, Integer.MAX_VALUE));
            if (length > 0) {
                assertReason(Reason.TOO_LARGE, SampleRecord.bytes(compressed), length - 1);
            }
        }
    }

    @Test
    void a_small_batch_cannot_fill_the_memory() throws Exception {
        byte[] bomb = gzip(new byte[50_000_000]);
        assertReason(Reason.TOO_LARGE, bomb, 1_000_000);
        assertEquals(50_000_000, plain(ByteBuffer.wrap(bomb), 50_000_000).remaining());
    }

    @Test
    void several_members_are_one_text() throws Exception {
        byte[] members = join(gzip(plain(700)), gzip(new byte[0]), gzip(plain(900)));
        assertEquals(
                ByteBuffer.wrap(join(plain(700), plain(900))),
                plain(ByteBuffer.wrap(members), 1600));
        assertReason(Reason.TOO_LARGE, members, 1599);
    }

    @Test
    void every_optional_field_of_the_header_is_skipped() throws Exception {
        byte[] simple = gzip(plain(100));
        byte[] header = {0x1F, (byte) 0x8B, 8, 0x1C, 1, 2, 3, 4, 0, 3};
        byte[] extra = {3, 0, 'a', 'b', 'c'};
        byte[] names = {'n', 'a', 'm', 'e', 0, 'c', 0};
        byte[] rest = java.util.Arrays.copyOfRange(simple, 10, simple.length);
        byte[] full = join(header, extra, names, rest);
        assertEquals(ByteBuffer.wrap(plain(100)), plain(ByteBuffer.wrap(full), 100));
        for (int length = 0; length < full.length; length++) {
            assertReason(Reason.NOT_DECOMPRESSED, java.util.Arrays.copyOf(full, length), 100);
        }
    }

    @Test
    void no_changed_bit_of_data_and_trailer_gives_other_records() throws Exception {
        byte[] plain = Samples.utf8("abcabcabcabc, and so on".repeat(5));
        byte[] compressed = gzip(plain);
        int unseen = 0;
        for (int bit = 10 * 8; bit < compressed.length * 8; bit++) {
            byte[] changed = compressed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                assertEquals(ByteBuffer.wrap(plain), plain(ByteBuffer.wrap(changed), 10_000));
                unseen++;
            } catch (UnreadableBatchException e) {
                assertEquals(Reason.NOT_DECOMPRESSED, e.reason());
            }
        }
        assertTrue(unseen < 8, "only bits that fill up the last byte of the data mean nothing");
    }

    private static void assertReason(Reason reason, byte[] compressed, int maxBytes) {
        assertEquals(
                reason,
                assertThrows(
                                UnreadableBatchException.class,
                                () -> plain(ByteBuffer.wrap(compressed), maxBytes))
                        .reason());
    }
}
