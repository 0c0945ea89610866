package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.etcd.EtcdSettings.Login;
import io.ackgate.gateway.metadata.etcd.api.AuthGrpc;
import io.ackgate.gateway.metadata.etcd.api.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests to etcd, as the user that the settings name. Any thread. */
final class EtcdCalls {
    /**
     * A stream to one member.
     *
     * @param requests what is sent on it
     */
    record Opened<Q>(StreamObserver<Q> requests, ManagedChannel channel) {}

    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** A member that knows no leader ends the stream, and does not leave it silent. */
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdChannels channels;
    private final @Nullable Login login;
    private final long timeoutNanos;

    /** Of the user; null until it was asked for. */
    private volatile @Nullable String token;

    EtcdCalls(EtcdChannels channels, EtcdSettings settings) {
        this.channels = channels;
        this.login = settings.login();
        this.timeoutNanos = settings.requestTimeout().toNanos();
    }

    /** Fails where it is not known whether the request was carried out. */
    <Q, A> CompletionStage<A> ask(MethodDescriptor<Q, A> method, Q request) {
        Login user = login;
        if (user == null) {
            return askOnce(method, request, null);
        }
        String known = token;
        CompletionStage<A> first =
                known == null
                        ? CompletableFuture.failedFuture(
                                Status.UNAUTHENTICATED.asRuntimeException())
                        : askOnce(method, request, known);
        return first.exceptionallyCompose(
                failure ->
                        // Whoever was not known has changed nothing.
                        isOfTheToken(failure)
                                ? login(user).thenCompose(fresh -> askOnce(method, request, fresh))
                                : CompletableFuture.failedFuture(failure));
    }

    private static boolean isOfTheToken(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        String detail = String.valueOf(status.getDescription());
        return status.getCode() == Status.Code.UNAUTHENTICATED
                || detail.contains("revision of auth store is old");
    }

    private CompletionStage<String> login(Login user) {
        return askOnce(
                        AuthGrpc.getAuthenticateMethod(),
                        AuthenticateRequest.newBuilder()
                                .setName(user.user())
                                .setPassword(user.password())
                                .build(),
                        null)
                .thenApply(
                        answer -> {
                            token = answer.getToken();
                            return answer.getToken();
                        });
    }

    private <Q, A> CompletionStage<A> askOnce(
            MethodDescriptor<Q, A> method, Q request, @Nullable String as) {
        ManagedChannel channel = channels.current();
        CompletableFuture<A> answer = new CompletableFuture<>();
        ClientCall<Q, A> call =
                with(channel, as, false)
                        .newCall(
                                method,
                                CallOptions.DEFAULT.withDeadlineAfter(
                                        timeoutNanos, TimeUnit.NANOSECONDS));
        ClientCalls.asyncUnaryCall(
                call,
                request,
                new StreamObserver<A>() {
                    @Override
                    public void onNext(A value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        failed(channel, failure);
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answer;
    }

    /** Completes when {@link #open} knows who it is. */
    CompletionStage<?> ready() {
        Login user = login;
        return user == null || token != null ? CompletableFuture.completedStage(null) : login(user);
    }

    /**
     * Opens a stream that ends where its member of etcd has no leader. Whoever opened it says
     * {@link #ended} when it does.
     */
    <Q, A> Opened<Q> open(MethodDescriptor<Q, A> method, StreamObserver<A> answers) {
        ManagedChannel channel = channels.current();
        // Else it may wait for two minutes before it looks whether etcd is back.
        channel.resetConnectBackoff();
        return new Opened<>(
                ClientCalls.asyncBidiStreamingCall(
                        with(channel, token, true).newCall(method, CallOptions.DEFAULT), answers),
                channel);
    }

    /** A stream ended: the next is opened to another member, with another token. */
    void ended(Opened<?> stream, Throwable failure) {
        if (isOfTheToken(failure)) {
            token = null;
        }
        failed(stream.channel(), failure);
    }

    private void failed(ManagedChannel channel, Throwable failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
            channels.failed(channel);
        }
    }

    private static Channel with(Channel channel, @Nullable String as, boolean hasLeader) {
        if (as == null && !hasLeader) {
            return channel;
        }
        Metadata headers = new Metadata();
        if (as != null) {
            headers.put(TOKEN, as);
        }
        if (hasLeader) {
            headers.put(HAS_LEADER, "true");
        }
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
