package io.ackgate.gateway.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Whoever is not told otherwise listens to this machine only. */
@QuarkusTest
class LoopbackTest {
    @Test
    void no_other_address_of_this_machine_answers() throws IOException {
        List<InetAddress> others =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> address instanceof Inet4Address)
                        .filter(address -> !address.isLoopbackAddress())
                        .toList();
        Assumptions.assumeFalse(others.isEmpty(), "this machine has no other address");
        try (Socket loopback = new Socket()) {
            loopback.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port),
                    1_000);
        }
        for (InetAddress address : others) {
            try (Socket socket = new Socket()) {
                assertThrows(
                        IOException.class,
                        () ->
                                socket.connect(
                                        new InetSocketAddress(address, RestAssured.port), 1_000),
                        () -> address + " answers");
                assertFalse(socket.isConnected());
            }
        }
    }
}
