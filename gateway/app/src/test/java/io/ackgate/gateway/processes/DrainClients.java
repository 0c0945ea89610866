package io.ackgate.gateway.processes;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.ackgate.gateway.Calls;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Clients of a gateway that ends: streams that write, calls that write, subscriptions, long polls
 * and one that watches its health. Each goes on until it meets its first error, and remembers that.
 */
final class DrainClients implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int POLL_MILLIS = 60_000;

    private final int port;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<DrainedStream> streams = new ArrayList<>();
    private final List<CompletableFuture<String>> unary = new ArrayList<>();
    private final List<CompletableFuture<String>> subscriptions = new ArrayList<>();
    private final List<CompletableFuture<String>> polls = new ArrayList<>();
    private final List<String> health = new CopyOnWriteArrayList<>();
    private final List<Long> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();

    DrainClients(int port) {
        this.port = port;
    }

    private ManagedChannel channel() {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        channels.add(channel);
        return channel;
    }

    /** A connection and a stream for each partition, which sends so many records a second. */
    void startStreams(List<Place> places, int recordsPerSecond, long firstNumber) {
        for (Place place : places) {
            streams.add(new DrainedStream(channel(), place, firstNumber));
        }
        Thread.ofPlatform().daemon().name("drain-load").start(() -> pace(recordsPerSecond));
    }

    private void pace(int recordsPerSecond) {
        long start = System.nanoTime();
        long sent = 0;
        while (streams.stream().anyMatch(stream -> !stream.ended().isDone())) {
            long due = (System.nanoTime() - start) * recordsPerSecond / 1_000_000_000L;
            for (; sent < due; sent++) {
                streams.forEach(DrainedStream::send);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Callers that write one record after the other, until one of them fails. */
    void startCalls(Place place, int callers, long firstNumber) {
        ManagedChannel channel = channel();
        for (int i = 0; i < callers; i++) {
            long first = firstNumber + i * 1_000_000L;
            CompletableFuture<String> end = new CompletableFuture<>();
            unary.add(end);
            Thread.ofPlatform().daemon().start(() -> write(channel, place, first, end));
        }
    }

    private void write(
            ManagedChannel channel, Place place, long firstNumber, CompletableFuture<String> end) {
        for (long number = firstNumber; ; number++) {
            String outcome = SentCall.write(channel, place, number, PATIENCE_SECONDS);
            if (!outcome.equals(SentCall.OK)) {
                end.complete(outcome);
                return;
            }
            written.add(number);
        }
    }

    /** Readers that wait for records that nobody writes; returns when all of them wait. */
    void startReaders(Place idle, int subscribers, int pollers, Runnable awaitReaders) {
        ManagedChannel channel = channel();
        for (int i = 0; i < subscribers; i++) {
            CompletableFuture<String> end = new CompletableFuture<>();
            subscriptions.add(end);
            ConsumerServiceGrpc.newStub(channel)
                    .subscribe(
                            SubscribeRequest.newBuilder().setTopic(idle.topic()).build(),
                            new Ended<>(end, answer -> {}));
        }
        for (int i = 0; i < pollers; i++) {
            CompletableFuture<String> end = new CompletableFuture<>();
            polls.add(end);
            ConsumerServiceGrpc.newStub(channel)
                    .fetch(
                            FetchRequest.newBuilder()
                                    .setTopic(idle.topic())
                                    .setPartition(idle.partition())
                                    .setMaxWaitMs(POLL_MILLIS)
                                    .build(),
                            new Ended<>(
                                    end, answer -> waiting.addAndGet(answer.getRecordsCount())));
        }
        awaitReaders.run();
    }

    /** Watches what grpc.health.v1 says, until the watch ends. */
    void watchHealth() {
        CountDownLatch first = new CountDownLatch(1);
        HealthGrpc.newStub(channel())
                .watch(
                        HealthCheckRequest.getDefaultInstance(),
                        new Ended<HealthCheckResponse>(
                                new CompletableFuture<>(),
                                answer -> {
                                    health.add(answer.getStatus().name());
                                    first.countDown();
                                }));
        try {
            first.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    List<DrainedStream> streams() {
        return streams;
    }

    /** How each of the callers that write ended, with its first error. */
    List<String> calls() {
        return ends(unary);
    }

    List<String> subscriptions() {
        return ends(subscriptions);
    }

    List<String> polls() {
        return ends(polls);
    }

    List<String> health() {
        return List.copyOf(health);
    }

    /** Numbers that calls have written and were told so. */
    List<Long> written() {
        return List.copyOf(written);
    }

    private static List<String> ends(List<CompletableFuture<String>> futures) {
        return futures.stream().map(DrainClients::end).toList();
    }

    static String end(CompletableFuture<String> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | CompletionException e) {
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            return "no end";
        }
    }

    /** A status in short: its code, and what its details say of Ackgate's error. */
    static String described(Throwable failure) {
        StatusRuntimeException status =
                failure instanceof StatusRuntimeException known
                        ? known
                        : Status.fromThrowable(failure).asRuntimeException();
        try {
            ErrorInfo info = Calls.detail(status, ErrorInfo.class);
            return status.getStatus().getCode()
                    + (info == null
                            ? " " + status.getStatus().getDescription()
                            : " %s %s"
                                    .formatted(
                                            info.getReason(),
                                            info.getMetadataOrDefault("write_status", "-")));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Remembers how a call ended. */
    record Ended<A>(CompletableFuture<String> end, Consumer<A> onAnswer)
            implements StreamObserver<A> {
        @Override
        public void onNext(A answer) {
            onAnswer.accept(answer);
        }

        @Override
        public void onError(Throwable why) {
            end.complete(described(why));
        }

        @Override
        public void onCompleted() {
            end.complete("OK");
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
