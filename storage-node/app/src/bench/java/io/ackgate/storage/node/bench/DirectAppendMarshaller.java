package io.ackgate.storage.node.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Only appends, only for comparison: protobuf's bytes without protobuf's objects. */
final class DirectAppendMarshaller implements MethodDescriptor.Marshaller<List<StorageRequest>> {
    @Override
    public InputStream stream(List<StorageRequest> requests) {
        return new Encoded(requests);
    }

    @Override
    public List<StorageRequest> parse(InputStream stream) {
        try {
            byte[] bytes = new byte[stream.available()];
            stream.readNBytes(bytes, 0, bytes.length);
            return decode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<StorageRequest> decode(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        List<StorageRequest> requests = new ArrayList<>();
        while (!in.isAtEnd()) {
            in.readTag();
            int end = in.readRawVarint32() + in.getTotalBytesRead();
            long high = 0;
            long low = 0;
            int partition = 0;
            int epoch = 0;
            long highWatermark = 0;
            ByteBuffer frame = ByteBuffer.allocate(0);
            while (in.getTotalBytesRead() < end) {
                switch (WireFormat.getTagFieldNumber(in.readTag())) {
                    case 1 -> high = in.readFixed64();
                    case 2 -> low = in.readFixed64();
                    case 3 -> partition = in.readInt32();
                    case 4 -> epoch = in.readInt32();
                    case 9 -> {
                        int appendEnd = in.readRawVarint32() + in.getTotalBytesRead();
                        while (in.getTotalBytesRead() < appendEnd) {
                            if (WireFormat.getTagFieldNumber(in.readTag()) == 1) {
                                int length = in.readRawVarint32();
                                int at = in.getTotalBytesRead();
                                frame = ByteBuffer.wrap(bytes, at, length).slice();
                                in.skipRawBytes(length);
                            } else {
                                highWatermark = in.readInt64();
                            }
                        }
                    }
                    default -> throw new IllegalStateException("only appends are sent here");
                }
            }
            requests.add(
                    new StorageRequest.Append(
                            new PartitionId(new TopicId(high, low), partition),
                            epoch,
                            frame,
                            highWatermark));
        }
        return requests;
    }

    private static final class Encoded extends InputStream implements Drainable, KnownLength {
        private final List<StorageRequest> requests;
        private final int[] itemBytes;
        private final int[] appendBytes;
        private int total;

        Encoded(List<StorageRequest> requests) {
            this.requests = requests;
            this.itemBytes = new int[requests.size()];
            this.appendBytes = new int[requests.size()];
            for (int i = 0; i < itemBytes.length; i++) {
                StorageRequest.Append append = (StorageRequest.Append) requests.get(i);
                int frame = append.frame().remaining();
                appendBytes[i] =
                        1
                                + CodedOutputStream.computeUInt32SizeNoTag(frame)
                                + frame
                                + CodedOutputStream.computeInt64Size(2, append.highWatermark());
                itemBytes[i] =
                        18
                                + CodedOutputStream.computeInt32Size(
                                        3, append.partition().partition())
                                + CodedOutputStream.computeInt32Size(4, append.epoch())
                                + 1
                                + CodedOutputStream.computeUInt32SizeNoTag(appendBytes[i])
                                + appendBytes[i];
                total += 1 + CodedOutputStream.computeUInt32SizeNoTag(itemBytes[i]) + itemBytes[i];
            }
        }

        @Override
        public int available() {
            return total;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            byte[] head = new byte[64];
            for (int i = 0; i < itemBytes.length; i++) {
                StorageRequest.Append append = (StorageRequest.Append) requests.get(i);
                CodedOutputStream out = CodedOutputStream.newInstance(head);
                out.writeTag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(itemBytes[i]);
                out.writeFixed64(1, append.partition().topic().high());
                out.writeFixed64(2, append.partition().topic().low());
                out.writeInt32(3, append.partition().partition());
                out.writeInt32(4, append.epoch());
                out.writeTag(9, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(appendBytes[i]);
                out.writeInt64(2, append.highWatermark());
                out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(append.frame().remaining());
                target.write(head, 0, out.getTotalBytesWritten());
                ByteBuffer frame = append.frame();
                target.write(
                        frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
            }
            return total;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            throw new UnsupportedOperationException("gRPC drains");
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("gRPC drains");
        }
    }
}
