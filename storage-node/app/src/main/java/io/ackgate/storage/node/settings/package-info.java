/** The settings of a storage node, and the checks of their values at its start. */
@NullMarked
package io.ackgate.storage.node.settings;

import org.jspecify.annotations.NullMarked;
