/** Sends and reads records of an Ackgate gateway. */
@NullMarked
package io.ackgate.client;

import org.jspecify.annotations.NullMarked;
