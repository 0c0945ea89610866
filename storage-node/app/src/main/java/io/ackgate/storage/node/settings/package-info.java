/** What the node can be told, and the checks that what it was told can be. */
@NullMarked
package io.ackgate.storage.node.settings;

import org.jspecify.annotations.NullMarked;
