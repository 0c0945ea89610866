/**
 * What this gateway is to the partition at the moment. A role answers each input and returns the
 * role that takes the next one. This room holds what all roles share: the present step, the open
 * streams, the newest state seen, requests that are held, and the role of a gateway that is not the
 * owner.
 */
@NullMarked
package io.ackgate.gateway.partition.role;

import org.jspecify.annotations.NullMarked;
