package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.protobuf.ByteString;
import io.ackgate.v1.ConsumerRecord;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples for other languages do what they say, against a gateway that is killed meanwhile.
 */
@Timeout(240)
class PythonExamplesIT {
    private static final String TOPIC = "lines";
    private static final List<String> LINES =
            IntStream.range(0, 20_000).mapToObj(number -> "line " + number).toList();

    @TempDir Path directory;

    private final List<AckgateProcess> lives = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    @BeforeEach
    void requirePython() {
        String missing = PythonExamples.missing();
        if (!missing.isEmpty()) {
            if (System.getenv("CI") != null) {
                fail(missing);
            }
            abort("NOT RUN: " + missing);
        }
    }

    @AfterEach
    void end() {
        lives.forEach(AckgateProcess::close);
    }

    @Test
    void each_line_is_written_once_while_the_gateway_is_killed_and_read_once_by_two_readers()
            throws Exception {
        PythonExamples examples = new PythonExamples(directory.resolve("stubs"));
        GatewayAccess gateway = start(FreePorts.next());
        gateway.createTopic(TOPIC, 1, Map.of());
        gateway.close();
        String address = "127.0.0.1:" + lives.getLast().port();

        Process producer =
                examples.start(
                        "produce.py",
                        PythonExamples.file(directory.resolve("lines"), LINES),
                        address,
                        TOPIC);
        try (BufferedReader receipts = producer.inputReader()) {
            assertEquals("100 records at offset 0", receipts.readLine());
            lives.getLast().kill9();
            gateway = start(lives.getLast().port());
            receipts.lines().forEach(receipt -> assertTrue(receipt.startsWith("100 records at")));
            PythonExamples.awaitGoodEnd(producer);
        }
        assertEquals(LINES, values(gateway.read(new Place(TOPIC, 0))));
        gateway.close();

        List<String> read = examples.run("consume.py", address, TOPIC, "readers", "5000");
        assertTrue(read.size() >= 5_000 && read.size() < LINES.size(), () -> read.size() + " read");
        List<String> rest = examples.run("consume.py", address, TOPIC, "readers");
        assertFalse(rest.isEmpty());
        assertEquals(LINES.subList(0, read.size()), read);
        assertEquals(LINES.subList(read.size(), LINES.size()), rest);
        assertEquals(List.of(), examples.run("consume.py", address, TOPIC, "readers"));
    }

    private static List<String> values(List<ConsumerRecord> records) {
        return records.stream()
                .map(ConsumerRecord::getValue)
                .map(ByteString::toStringUtf8)
                .toList();
    }

    private GatewayAccess start(int port) {
        lives.add(AckgateProcess.gateway(directory.resolve("data"), port));
        return new GatewayAccess(lives.getLast().port());
    }
}
