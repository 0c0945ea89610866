package io.ackgate.gateway.rest;

import io.ackgate.gateway.process.ClusterView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A gateway. */
@Schema(name = "Gateway")
record GatewayView(
        @Schema(description = "Session id, hexadecimal; another one after every start")
                String session,
        @Schema(description = "host:port for clients", examples = "127.0.0.1:8080") String address,
        @Schema(description = "Whether it is the one that answers") boolean self) {

    static GatewayView of(ClusterView.LiveGateway gateway) {
        return new GatewayView(gateway.session(), gateway.address(), gateway.self());
    }
}
