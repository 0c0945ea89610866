/** What this gateway knows of the processes around it. */
@NullMarked
package io.ackgate.gateway.process;

import org.jspecify.annotations.NullMarked;
