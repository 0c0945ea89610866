package io.ackgate.gateway.rest;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.consume.DecodedRecords;
import io.ackgate.gateway.consume.FrameDecoder;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.RecordFormat;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.produce.NewRecords;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.produce.ProduceCommand;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSetting;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Records as JSON: for curl and the console, not for load. */
@Path("/admin/v1/topics/{name}/records")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Records")
public class RecordsResource {
    /** RFC 4918: each item of the body says what became of it. */
    private static final int MULTI_STATUS = 207;

    /** What an event loop reads by the way. */
    private static final int SMALL_BODY_BYTES = 64 << 10;

    private static final int MAX_PAGE = 1_000;
    private static final int DEFAULT_PAGE = 100;
    private static final int POSITION_WAIT_MILLIS = 1_000;

    private final Topics topics;
    private final PartitionReads reads;
    private final Unpacking unpacking;
    private final Producing producing;
    private final GatewayRuntime runtime;
    private final ConsumeMeter meter;

    RecordsResource(
            Topics topics,
            PartitionReads reads,
            Unpacking unpacking,
            Producing producing,
            GatewayRuntime runtime,
            ConsumeMeter meter) {
        this.topics = topics;
        this.runtime = runtime;
        this.meter = meter;
        this.reads = reads;
        this.unpacking = unpacking;
        this.producing = producing;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Writes one record, or several as a list",
            description =
                    "Several with different keys become one batch per partition. A key or value"
                            + " that is no text is stored as the piece of JSON that was given.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(oneOf = {RecordToWrite.class, RecordToWrite[].class})))
    @APIResponse(
            responseCode = "200",
            description = "Acknowledged",
            content = @Content(schema = @Schema(implementation = ReceiptView[].class)))
    @APIResponse(
            responseCode = "207",
            description =
                    "Keys split the records over several partitions, and not all of those have"
                            + " acknowledged theirs: receipts, and a problem for each that has not",
            content =
                    @Content(
                            schema =
                                    @Schema(
                                            type = SchemaType.ARRAY,
                                            implementation = UnacknowledgedView.class)))
    @APIResponse(
            responseCode = "503",
            description =
                    "Nothing was acknowledged, such as NOT_ENOUGH_REPLICAS; the problem says"
                            + " whether it was written",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    public Uni<RestResponse<List<Object>>> write(
            @RestPath String name,
            @RestQuery @Parameter(description = "0, 1 or all; by default the topic's")
                    @Nullable String acks,
            @RestQuery @Parameter(description = "By default the keys'") @Nullable String partition,
            @RestQuery @Parameter(description = "Longest wait for acknowledgement")
                    @Nullable String timeoutMs,
            @Context HttpHeaders headers,
            @Context UriInfo uri,
            byte @Nullable [] body) {
        Queries.only(uri, "acks", "partition", "timeoutMs");
        if (headers.getRequestHeaders().containsKey("Idempotency-Key")) {
            throw Failure.notWritten(
                            ErrorCode.INVALID_REQUEST,
                            "Idempotency-Key",
                            "Idempotency-Key is not supported yet and would not keep a retry from"
                                    + " being written twice: leave it out, or write over gRPC as a"
                                    + " producer with sequences")
                    .asException();
        }
        Integer onPartition = number(partition, "partition");
        Acks wanted = acks(acks);
        Integer timeout = number(timeoutMs, "timeoutMs");
        MediaType type = headers.getMediaType();
        return records(body, type)
                .map(
                        records ->
                                new ProduceCommand(
                                        name, onPartition, wanted, timeout, null, null, records))
                .flatMap(this::produce)
                .map(answer -> outcome(answer, name, uri.getPath()));
    }

    /** A large body is read on a thread of its own: an event loop would serve nobody meanwhile. */
    private Uni<NewRecords> records(byte @Nullable [] body, @Nullable MediaType type) {
        Uni<NewRecords> read =
                Uni.createFrom()
                        .emitter(
                                reading -> {
                                    try {
                                        reading.complete(
                                                new NewRecords(
                                                        JsonRecordsReader.read(
                                                                JsonBody.text(body, type))));
                                    } catch (IOException | RuntimeException e) {
                                        reading.fail(e);
                                    }
                                });
        return body == null || body.length <= SMALL_BODY_BYTES
                ? read
                : read.runSubscriptionOn(unpacking);
    }

    private Uni<ProduceAnswer> produce(ProduceCommand command) {
        return Uni.createFrom()
                .emitter(
                        caller -> {
                            Cancellable sent =
                                    producing.produce(Caller.ANONYMOUS, command, caller::complete);
                            caller.onTermination(sent::cancel);
                        });
    }

    private static RestResponse<List<Object>> outcome(
            ProduceAnswer answer, String topic, String path) {
        if (answer.failure() != null && !answer.isPartial()) {
            throw answer.failure().asException();
        }
        List<Object> outcomes = new ArrayList<>();
        answer.receipts().forEach(receipt -> outcomes.add(ReceiptView.of(receipt)));
        answer.refused().forEach(share -> outcomes.add(UnacknowledgedView.of(topic, share, path)));
        return ResponseBuilder.ok(outcomes)
                .status(answer.isPartial() ? MULTI_STATUS : RestResponse.StatusCode.OK)
                .build();
    }

    private static @Nullable Integer number(@Nullable String text, String field) {
        return text == null ? null : RequestChecks.number(text, 0, 0, Integer.MAX_VALUE, field);
    }

    private static @Nullable Acks acks(@Nullable String text) {
        Acks acks = text == null ? null : Acks.of(text);
        if (text != null && acks == null) {
            throw Failure.notWritten(
                            ErrorCode.INVALID_REQUIRED_ACKS,
                            "acks",
                            "acks was given as '%s': give %s"
                                    .formatted(text, TopicSetting.DEFAULT_ACKS.allowed()))
                    .asException();
        }
        return acks;
    }

    @GET
    @Operation(summary = "Reads a page of one partition")
    @APIResponse(responseCode = "416", description = "The offset is not in the log")
    public Uni<RecordPage> read(
            @RestPath String name,
            @RestQuery @Parameter(description = "By default 0") @Nullable String partition,
            @RestQuery @Parameter(description = "earliest, the default, latest, or a number")
                    @Nullable String offset,
            @RestQuery @Parameter(description = "At most this many, 1 to 1000; by default 100")
                    @Nullable String limit,
            @RestQuery
                    @Parameter(
                            description =
                                    "Milliseconds to wait for a first record, 0 to 300000; by"
                                            + " default 0")
                    @Nullable String maxWaitMs,
            @RestQuery
                    @Parameter(
                            description =
                                    "Whether to step over stored batches that cannot be read, true"
                                            + " or false, the default")
                    @Nullable String skipUnreadable,
            @Context UriInfo uri,
            @Context RoutingContext http) {
        Queries.only(uri, "partition", "offset", "limit", "maxWaitMs", "skipUnreadable");
        boolean skip = flag(skipUnreadable);
        Topic topic = RequestChecks.topic(topics, name);
        int index =
                RequestChecks.partition(
                        topic,
                        RequestChecks.number(partition, 0, 0, Integer.MAX_VALUE, "partition"),
                        "partition");
        int most = RequestChecks.number(limit, DEFAULT_PAGE, 1, MAX_PAGE, "limit");
        int waitMillis =
                RequestChecks.number(maxWaitMs, 0, 0, ConsumerLimits.MAX_WAIT_MILLIS, "maxWaitMs");
        HeldPage held = HeldPage.begin(http, runtime.readMemory());
        return start(topic, index, offset == null ? "earliest" : offset)
                .flatMap(
                        first ->
                                reads.fetch(
                                                Caller.ANONYMOUS,
                                                topic,
                                                index,
                                                first,
                                                ConsumerLimits.DEFAULT_BYTES,
                                                waitMillis == 0 ? 0 : 1,
                                                waitMillis,
                                                held.reader())
                                        // The partition's thread is not for taking batches apart.
                                        .flatMap(
                                                fetched ->
                                                        Unpacking.make(
                                                                unpacking,
                                                                held.reader(),
                                                                () ->
                                                                        page(
                                                                                topic, index, first,
                                                                                most, skip,
                                                                                fetched))));
    }

    private static boolean flag(@Nullable String text) {
        return switch (text) {
            case null -> false;
            case "false" -> false;
            case "true" -> true;
            default ->
                    throw RequestChecks.invalid(
                            "skipUnreadable",
                            "skipUnreadable was given as '%s': true and false are taken"
                                    .formatted(text));
        };
    }

    private Uni<Long> start(Topic topic, int partition, String offset) {
        Position position =
                switch (offset) {
                    case "earliest" -> Position.EARLIEST;
                    case "latest" -> Position.LATEST;
                    default -> null;
                };
        return position == null
                ? Uni.createFrom().item(number(offset))
                : reads.listOffset(
                                Caller.ANONYMOUS,
                                topic,
                                partition,
                                position,
                                0,
                                POSITION_WAIT_MILLIS)
                        .map(FetchOutcome.Position::offset);
    }

    private static long number(String offset) {
        try {
            long number = Long.parseLong(offset);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as of a negative number.
        }
        throw RequestChecks.invalid(
                "offset",
                "offset was given as '%s': earliest, latest and numbers from 0 are taken"
                        .formatted(offset));
    }

    private RecordPage page(
            Topic topic,
            int partition,
            long first,
            int limit,
            boolean skipUnreadable,
            FetchOutcome.Fetched fetched) {
        DecodedRecords<RecordView> chunk;
        try (FrameDecoder<RecordView> reader =
                new FrameDecoder<>(
                        fetched.frames(),
                        first,
                        RecordFormat.RECORDS,
                        skipUnreadable,
                        RecordView.RECORDS)) {
            chunk = reader.read(new FrameDecoder.Bound(ConsumerLimits.DEFAULT_BYTES, limit));
        }
        meter.given(topic, chunk.recordCount(), chunk.bytes());
        return new RecordPage(
                partition,
                chunk.records(),
                SkippedView.of(chunk.skipped()),
                chunk.nextOffset(),
                fetched.highWatermark() < 0 ? null : fetched.highWatermark(),
                fetched.logStart());
    }
}
