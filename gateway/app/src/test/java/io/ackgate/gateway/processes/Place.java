package io.ackgate.gateway.processes;

/** A partition as clients name it. */
record Place(String topic, int partition) {}
