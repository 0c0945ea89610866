package io.ackgate.docs;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.ErrorGuide;
import io.ackgate.gateway.error.WriteStatus;
import java.util.Locale;

/** errors.md, from the table of errors. */
final class ErrorsPage {
    private ErrorsPage() {}

    static Page page() {
        StringBuilder text = new StringBuilder();
        text.append("# Errors\n\n").append(Page.generated("`ErrorCode` and `ErrorGuide`"));
        text.append(
                """

                Every error has a name and a number of Kafka's. A running gateway shows this page at `/errors/`, and the `type` of a
                problem (RFC 9457) that it answers over REST leads to the error's place there.

                **Was it written?** Every error of a write says so: `NOT_WRITTEN`, or `MAY_HAVE_BEEN_WRITTEN`. Over gRPC it stands in the
                metadata `write_status` of `google.rpc.ErrorInfo`, on streams in the answer, over REST in `writeStatus`. It speaks of this
                attempt only: if an earlier attempt of the same batch may have been written, the batch still may have been.

                **A status without `ErrorInfo` was not made by the gateway.** It comes from the client's own deadline, a lost connection or a
                proxy, and says nothing: the records may have been written.

                **What is safe to retry.** A `NOT_WRITTEN` that has a time in the column "retry", always. A `MAY_HAVE_BEEN_WRITTEN`, or an answer that never
                came, only with the same producer sequence and the same records: then it is written once. The Java client and the `ackgate`
                command do this by themselves.

                **When a request was split over partitions by its keys,** it fails as a whole only if nothing of it was acknowledged. Otherwise
                it is answered with a receipt or an error for each partition.

                A write that may have been done has gRPC's status ABORTED where the table says UNAVAILABLE: proxies repeat calls that are
                UNAVAILABLE on their own.

                """);
        text.append(Page.head("error", "number", "gRPC", "HTTP", "retry", "records of a write"));
        for (ErrorCode code : ErrorCode.values()) {
            text.append(
                    Page.row(
                            "[%s](#%s)".formatted(code, anchor(code)),
                            Integer.toString(code.number()),
                            code.grpc().name(),
                            Integer.toString(code.http()),
                            retry(code),
                            records(code)));
        }
        text.append(
                "\n\"retry\" is how long to wait before the very same request is sent again.\n");
        for (ErrorCode code : ErrorCode.values()) {
            ErrorGuide guide = ErrorGuide.of(code);
            text.append("\n## ").append(code).append("\n\n");
            text.append(guide.when()).append("\n\n");
            text.append("What to do: ").append(guide.remedy()).append('\n');
        }
        return new Page("errors.md", text.toString());
    }

    private static String anchor(ErrorCode code) {
        return code.name().toLowerCase(Locale.ROOT);
    }

    private static String retry(ErrorCode code) {
        if (!code.retriable()) {
            return "no";
        }
        return code.retryDelayMillis() == 0 ? "at once" : code.retryDelayMillis() + " ms";
    }

    private static String records(ErrorCode code) {
        boolean may = code.allows(WriteStatus.MAY_HAVE_BEEN_WRITTEN);
        boolean not = code.allows(WriteStatus.NOT_WRITTEN);
        if (may) {
            return not ? "the answer says" : "may have been written";
        }
        return not ? "not written" : "";
    }
}
