package io.ackgate.process.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    @Test
    void a_format_is_known_by_its_name() {
        assertEquals(Optional.of(LogFormat.JSON), LogFormat.of("json"));
        assertEquals(Optional.of(LogFormat.TEXT), LogFormat.of(" TEXT "));
        assertEquals(Optional.empty(), LogFormat.of("xml"));
        assertEquals("text or json", LogFormat.allowed());
    }
}
