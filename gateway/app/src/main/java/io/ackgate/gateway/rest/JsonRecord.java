package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record as JSON, to be written. */
@RegisterForReflection // Read by hand, where the native build does not see it.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "RecordToWrite",
        description = "Key and value are given as text or JSON, or else as bytes in base64")
record JsonRecord(
        @Schema(
                        description = "A text is taken as it is, anything else as compact JSON",
                        type = SchemaType.STRING,
                        examples = "nc")
                @Nullable JsonNode key,
        @Schema(description = "Instead of key") byte @Nullable [] keyBase64,
        @Schema(
                        description = "A text is taken as it is, anything else as compact JSON",
                        type = SchemaType.OBJECT,
                        examples = "{\"mag\": 4.5}")
                @Nullable JsonNode value,
        @Schema(description = "Instead of value") byte @Nullable [] valueBase64,
        @Schema(description = "Each key once", examples = "{\"source\": \"curl\"}")
                @Nullable Map<String, @Nullable String> headers,
        @Schema(description = "Milliseconds since 1970; by default now")
                @Nullable Long timestampMs) {}
