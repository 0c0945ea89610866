package io.ackgate.gateway.rest;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What {@link JsonRecordsReader} reads, for the description of the API: never made. */
@Schema(
        name = "RecordToWrite",
        description =
                "Key and value are given as text or JSON, or else as bytes in base64; null, or"
                        + " left out, is none")
record RecordToWrite(
        @Schema(
                        description = "A text is taken as it is, other JSON as it is written",
                        type = SchemaType.STRING,
                        examples = "nc")
                @Nullable Object key,
        @Schema(description = "Instead of key") byte @Nullable [] keyBase64,
        @Schema(
                        description = "A text is taken as it is, other JSON as it is written",
                        type = SchemaType.OBJECT,
                        examples = "{\"mag\": 4.5}")
                @Nullable Object value,
        @Schema(description = "Instead of value") byte @Nullable [] valueBase64,
        @Schema(
                        description =
                                "Texts, or lists of texts, by name; or a list of key and value or"
                                        + " valueBase64, as a page has them",
                        type = SchemaType.OBJECT,
                        examples = "{\"source\": \"curl\"}")
                @Nullable Object headers,
        @Schema(description = "Milliseconds since 1970; by default now")
                @Nullable Long timestampMs) {}
