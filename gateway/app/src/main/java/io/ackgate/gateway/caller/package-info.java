/** On whose behalf requests are served. */
@NullMarked
package io.ackgate.gateway.caller;

import org.jspecify.annotations.NullMarked;
