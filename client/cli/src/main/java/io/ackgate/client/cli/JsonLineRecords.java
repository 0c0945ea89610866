package io.ackgate.client.cli;

import io.ackgate.client.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Turns lines into records: each is a JSON document, as {@link RecordJson} has it. */
final class JsonLineRecords implements RecordSource {
    private final LineReader lines;
    private final String topic;
    private final boolean keepPartitions;

    JsonLineRecords(LineReader lines, String topic, boolean keepPartitions) {
        this.lines = lines;
        this.topic = topic;
        this.keepPartitions = keepPartitions;
    }

    @Override
    public @Nullable ProducerRecord next() {
        byte[] line = lines.next();
        if (line == null) {
            return null;
        }
        try {
            return RecordJson.read(line, topic, keepPartitions);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("line %d %s".formatted(lines.number(), e.getMessage()));
        }
    }
}
