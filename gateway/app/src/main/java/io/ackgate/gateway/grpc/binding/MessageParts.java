package io.ackgate.gateway.grpc.binding;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Counts the messages within a message before it is parsed: each of them becomes objects that take
 * far more memory than the two bytes that it may have where it comes from.
 */
final class MessageParts {
    private final int most;
    private int parts;

    private MessageParts(int most) {
        this.most = most;
    }

    /**
     * Whether there are more than so many.
     *
     * @throws IOException if the bytes are no message
     */
    static boolean areMoreThan(int most, Descriptor type, byte[] bytes) throws IOException {
        MessageParts counted = new MessageParts(most);
        counted.count(CodedInputStream.newInstance(bytes), type);
        return counted.parts > most;
    }

    /** Stops at one too many. */
    private void count(CodedInputStream in, Descriptor type) throws IOException {
        for (int tag = in.readTag(); tag != 0 && parts <= most; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null
                    || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                    || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
                continue;
            }
            parts++;
            int outer = in.pushLimit(in.readRawVarint32());
            count(in, field.getMessageType());
            if (parts > most) {
                return;
            }
            in.popLimit(outer);
        }
    }
}
