/** Tests of the whole gateway process, through its doors. */
@NullMarked
package io.ackgate.gateway;

import org.jspecify.annotations.NullMarked;
