package io.ackgate.storage.api;

/**
 * Space of the file system that a data directory is on.
 *
 * @param usableBytes bytes that may still be written
 * @param totalBytes bytes in all
 */
public record DiskSpace(long usableBytes, long totalBytes) {}
