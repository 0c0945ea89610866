package io.ackgate.gateway.processes;

import com.google.protobuf.ByteString;
import io.ackgate.v1.ProducerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Numbered records: the number is the key, an earthquake the value. */
final class Quakes {
    private static final List<ByteString> EVENTS = read();

    private Quakes() {}

    private static List<ByteString> read() {
        Path file =
                Path.of(System.getProperty("repository.root", "../.."))
                        .resolve("client/examples/earthquakes.jsonl");
        try {
            return Files.readAllLines(file).stream().map(ByteString::copyFromUtf8).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProducerRecord record(long number) {
        return ProducerRecord.newBuilder()
                .setKey(ByteString.copyFromUtf8(Long.toString(number)))
                .setValue(value(number))
                .build();
    }

    static ByteString value(long number) {
        return EVENTS.get((int) (number % EVENTS.size()));
    }
}
