package io.ackgate.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "::0.0.0.0", "*"})
    void all_addresses_at_once_are_no_address(String host) {
        assertTrue(Hosts.isWildcard(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "[::1]", "10.0.0.0", "gateway-0", "0.example", ""})
    void one_address_or_a_name_is_one(String host) {
        assertFalse(Hosts.isWildcard(host));
    }
}
