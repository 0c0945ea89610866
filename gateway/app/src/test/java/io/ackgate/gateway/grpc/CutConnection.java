package io.ackgate.gateway.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes bytes on between a client and the gateway until it is told to cut them off. */
final class CutConnection implements AutoCloseable {
    private final ServerSocket server;
    private final int gatewayPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean mute;

    CutConnection(int gatewayPort) throws IOException {
        this.gatewayPort = gatewayPort;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket gateway = new Socket();
                gateway.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), gatewayPort));
                sockets.add(client);
                sockets.add(gateway);
                Thread.ofVirtual().start(() -> pass(client, gateway));
                Thread.ofVirtual().start(() -> pass(gateway, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!mute) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException cut) {
            // As it should be.
        }
    }

    /** Ends every connection at once, with a reset: no goodbye of HTTP/2 gets through. */
    void cut() {
        mute = true;
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException closed) {
                // Its other end was cut first, and took it along.
            }
        }
    }

    /** Takes what comes and passes nothing on any more, in either direction, without a word. */
    void fallSilent() {
        mute = true;
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
