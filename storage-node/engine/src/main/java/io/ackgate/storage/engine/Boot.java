package io.ackgate.storage.engine;

/**
 * One boot of the operating system. What was written but not synced survives the process, and not
 * the boot: this is what tells a killed process from a machine that stopped.
 *
 * @param id differs between any two boots of any two machines
 */
public record Boot(String id) {}
