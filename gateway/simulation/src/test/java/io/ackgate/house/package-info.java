/** Tests of the house itself: what no tool knows to check about this repository. */
@NullMarked
package io.ackgate.house;

import org.jspecify.annotations.NullMarked;
