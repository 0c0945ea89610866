package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    @Test
    void settings_are_read_as_they_were_written_wherever_they_stand() {
        for (Durability durability : Durability.values()) {
            ReplicaSettings settings =
                    new ReplicaSettings(
                            durability, 0x0102_0304, 1L << 33, 3L << 34, 5L << 35, 7L << 36);
            for (int at = 0; at < 40; at++) {
                ByteBuffer buffer = ByteBuffer.allocate(at + StateCodec.SETTINGS_BYTES);
                StateCodec.putSettings(buffer.position(at), settings);
                assertEquals(0, buffer.remaining());
                assertEquals(settings, StateCodec.settings(buffer, at));
            }
        }
    }
}
