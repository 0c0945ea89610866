/**
 * What happens, counted for Prometheus and told in the log. No label ever has unbounded values:
 * partitions are added up, topics are bounded.
 */
@NullMarked
package io.ackgate.gateway.metrics;

import org.jspecify.annotations.NullMarked;
