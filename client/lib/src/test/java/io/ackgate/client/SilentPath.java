package io.ackgate.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to a gateway that can fall silent: it still takes connections and bytes, and passes nothing
 * on, as a path does whose packets are dropped somewhere.
 */
final class SilentPath implements AutoCloseable {
    private final ServerSocket server;
    private final @Nullable Endpoint target;
    private final List<Socket> sockets = new ArrayList<>();
    private volatile boolean silent;

    /** A path to the target; without one it is silent from the beginning. */
    SilentPath(@Nullable Endpoint target) {
        this.target = target;
        this.silent = target == null;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** From now on nothing gets through. */
    void fallSilent() {
        silent = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = keep(server.accept());
                Endpoint to = target;
                if (!silent && to != null) {
                    Socket far = keep(new Socket(to.host(), to.port()));
                    Thread.ofVirtual().start(() -> pass(near, far));
                    Thread.ofVirtual().start(() -> pass(far, near));
                }
            }
        } catch (IOException e) {
            // The path is closed.
        }
    }

    private synchronized Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                if (!silent) {
                    out.write(buffer, 0, count);
                }
                count = in.read(buffer);
            }
        } catch (IOException e) {
            // One end is closed.
        }
    }

    @Override
    public synchronized void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
