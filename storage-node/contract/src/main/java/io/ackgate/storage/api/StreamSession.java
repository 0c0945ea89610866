package io.ackgate.storage.api;

/**
 * One stream from one gateway process to one storage node, for as long as it lasts.
 *
 * <p>What a replica agreed to on a stream is forgotten with it: every new stream starts with a
 * fence and a reconciliation.
 *
 * @param gateway session id of the gateway process, new at each start
 * @param stream grows with every stream the gateway opens, so that a node which has not yet noticed
 *     the end of an old stream knows which of two is the younger
 */
public record StreamSession(long gateway, long stream) {}
