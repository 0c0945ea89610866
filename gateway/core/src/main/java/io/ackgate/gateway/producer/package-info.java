/** Producer ids: unique for ever, handed out in blocks of the metadata store. */
@NullMarked
package io.ackgate.gateway.producer;

import org.jspecify.annotations.NullMarked;
