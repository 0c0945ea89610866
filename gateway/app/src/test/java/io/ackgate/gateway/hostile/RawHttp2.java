package io.ackgate.gateway.hostile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A connection of HTTP/2 that does what it is told, frame by frame: no window, limit or rule of the
 * protocol is kept for its user. Not thread-safe.
 */
public final class RawHttp2 implements Closeable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int PRIORITY = 0x20;
    private static final int FRAME_BYTES = 16_384;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Http2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private int nextStream = 1;

    /**
     * One frame that has come.
     *
     * @param headers decoded; empty for frames without
     */
    public record Frame(
            int type, int flags, int stream, byte[] payload, Map<String, String> headers) {
        public boolean ends() {
            return type == RST_STREAM
                    || type == GOAWAY
                    || ((flags & END_STREAM) != 0 && (type == DATA || type == HEADERS));
        }
    }

    public RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write(PREFACE);
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }

    /** Begins a call of gRPC, with further headers as name, value, name, value. */
    public int call(String path, String... headers) throws IOException {
        Http2Headers all =
                new DefaultHttp2Headers(false)
                        .method("POST")
                        .scheme("http")
                        .authority("127.0.0.1")
                        .path(path)
                        .add("content-type", "application/grpc")
                        .add("te", "trailers");
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        int stream = nextStream;
        nextStream += 2;
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, all, block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        int type = HEADERS;
        do {
            byte[] piece = new byte[Math.min(FRAME_BYTES, block.readableBytes())];
            block.readBytes(piece);
            frame(type, block.isReadable() ? 0 : END_HEADERS, stream, piece);
            type = CONTINUATION;
        } while (block.isReadable());
        return stream;
    }

    /** One message of gRPC, which may be split over frames. */
    public void message(int stream, int flag, byte[] message, boolean last) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(5 + message.length);
        all.put((byte) flag).putInt(message.length).put(message).flip();
        while (all.hasRemaining()) {
            byte[] piece = new byte[Math.min(FRAME_BYTES, all.remaining())];
            all.get(piece);
            frame(DATA, last && !all.hasRemaining() ? END_STREAM : 0, stream, piece);
        }
    }

    public void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
    }

    /** The same bytes, compressed. */
    public static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    /** The next frame; settings and pings are answered on the way. */
    public Frame next() throws IOException {
        while (true) {
            int head = in.readInt();
            int type = head & 0xff;
            int flags = in.readByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = in.readNBytes(head >>> 8);
            switch (type) {
                case SETTINGS, PING -> {
                    if ((flags & ACK) == 0) {
                        frame(type, ACK, 0, type == PING ? payload : new byte[0]);
                    }
                }
                case HEADERS -> {
                    ByteArrayOutputStream block = new ByteArrayOutputStream();
                    int weight = (flags & PRIORITY) == 0 ? 0 : 5;
                    block.write(payload, weight, payload.length - weight);
                    int end = flags;
                    while ((end & END_HEADERS) == 0) {
                        int length = in.readInt() >>> 8;
                        end = in.readByte();
                        in.readInt();
                        block.write(in.readNBytes(length));
                    }
                    return new Frame(type, flags, stream, payload, decoded(stream, block));
                }
                default -> {
                    return new Frame(type, flags, stream, payload, Map.of());
                }
            }
        }
    }

    private Map<String, String> decoded(int stream, ByteArrayOutputStream block)
            throws IOException {
        Map<String, String> headers = new HashMap<>();
        try {
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block.toByteArray()))
                    .forEach(
                            header ->
                                    headers.put(
                                            header.getKey().toString(),
                                            header.getValue().toString()));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        return headers;
    }

    /** Frames of a stream, or of the connection, until one of them ends it. */
    public List<Frame> untilEnd(int stream) throws IOException {
        List<Frame> frames = new ArrayList<>();
        while (true) {
            Frame frame = next();
            if (frame.stream() != stream && frame.type() != GOAWAY) {
                continue;
            }
            frames.add(frame);
            if (frame.ends()) {
                return frames;
            }
        }
    }

    /** The headers and trailers that a stream ends with; empty if it is reset. */
    public Map<String, String> end(int stream) throws IOException {
        Map<String, String> headers = new HashMap<>();
        untilEnd(stream).forEach(frame -> headers.putAll(frame.headers()));
        return headers;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
