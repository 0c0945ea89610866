package io.ackgate.gateway.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of processes that are started again on the same port.
 *
 * <p>The system gives ports of its own choice, from 32,768 on Linux, to every outgoing connection
 * and to every process that asks for port 0. One of these could have the port of a process that
 * does not run at the moment, which then could not start again.
 */
final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int BOUND = 30_000;

    private FreePorts() {}

    /** A port that nobody has now and that the system gives to nobody who asks for any. */
    static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BOUND);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // another one, then
            }
        }
    }
}
