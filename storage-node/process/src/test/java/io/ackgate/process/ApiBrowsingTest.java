package io.ackgate.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiBrowsingTest {
    @ParameterizedTest
    @CsvSource({
        "LOOPBACK, 127.0.0.1, true",
        "LOOPBACK, 127.8.0.1, true",
        "LOOPBACK, ::1, true",
        "LOOPBACK, [::1], true",
        "LOOPBACK, localhost, true",
        "LOOPBACK, 0.0.0.0, false",
        "LOOPBACK, [::], false",
        "LOOPBACK, 10.0.0.1, false",
        "LOOPBACK, gateway-0.example, false",
        "LOOPBACK, localhost.example, false",
        "ON, 0.0.0.0, true",
        "OFF, 127.0.0.1, false",
    })
    void who_may_look_around(ApiBrowsing browsing, String listen, boolean on) {
        assertEquals(on, browsing.isOn(listen));
    }
}
