/** The gateway process: its edge towards clients and operators. */
@NullMarked
package io.ackgate.gateway;

import org.jspecify.annotations.NullMarked;
