/**
 * A disk that crashes, fails, fills up and decays when told to; for the tests of whoever uses a
 * disk.
 */
@NullMarked
package io.ackgate.storage.disk;

import org.jspecify.annotations.NullMarked;
