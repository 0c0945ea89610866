package io.ackgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Logged;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call whose request is not known cannot be cut off, which an operator has to hear. */
class ReadDeadlineTest {
    @RegisterExtension final Logged logged = new Logged(ReadDeadline.class.getName());

    @Test
    void a_call_without_its_request_is_warned_of_once() {
        ReadDeadline.current().run();
        ReadDeadline.current().run();
        assertEquals(1, logged.records().size());
        assertEquals(Level.WARNING.intValue(), logged.records().getFirst().getLevel().intValue());
        assertTrue(logged.records().getFirst().getMessage().contains("cannot be cut off"));
    }
}
