import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens many subscriptions that wait at the end of a topic, 50 on a connection, and keeps them until it is killed.
 * Arguments: address, topic, number. Prints "subscribed" when all are asked for, and each that ends.
 */
public final class Subscribers {
    private static final int PER_CONNECTION = 50;

    public static void main(String[] args) throws InterruptedException {
        int number = Integer.parseInt(args[2]);
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            if (i % PER_CONNECTION == 0) {
                channels.add(NettyChannelBuilder.forTarget(args[0]).usePlaintext().build());
            }
            ConsumerServiceGrpc.newStub(channels.getLast())
                    .subscribe(
                            SubscribeRequest.newBuilder()
                                    .setTopic(args[1])
                                    .setOffsetSpec(OffsetSpec.OFFSET_SPEC_LATEST)
                                    .build(),
                            new Waiting());
        }
        System.out.println("subscribed");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static final class Waiting implements StreamObserver<SubscribeResponse> {
        @Override
        public void onNext(SubscribeResponse answer) {}

        @Override
        public void onError(Throwable cause) {
            System.out.println("ended: " + cause);
        }

        @Override
        public void onCompleted() {
            System.out.println("ended");
        }
    }
}
