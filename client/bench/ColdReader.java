import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Iterator;

/** Reads a topic from its beginning, as records, until it is killed, and makes nothing of them. Arguments: address, topic. */
public final class ColdReader {
    public static void main(String[] args) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(args[0]).usePlaintext().build();
        Iterator<SubscribeResponse> answers =
                ConsumerServiceGrpc.newBlockingStub(channel)
                        .subscribe(
                                SubscribeRequest.newBuilder()
                                        .setTopic(args[1])
                                        .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                        .setStopAtEnd(true)
                                        .build());
        while (answers.hasNext()) {
            answers.next();
        }
    }
}
