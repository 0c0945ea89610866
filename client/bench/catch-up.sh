#!/usr/bin/env bash
# A storage node that comes back after it missed much: how long it takes to catch up, what that does to the latency of
# acks=all meanwhile, and whether the stream of any node ended.
#
#   client/bench/catch-up.sh [PARTITIONS] [GIBIBYTES]      400 and 4 when not given
#
# One gateway, three storage-node processes, of which the third is killed while the records are written. Prints p50, p99
# and p99.9 in ms of acks=all at 2,000 records/s of 1 KiB to 12 other partitions, in runs of 10 s: three before, then one
# after the other until every partition has three in-sync replicas. Needs what `./mvnw -Dquick -DskipTests package`
# builds, and jq. See processes.sh for the settings.
set -euo pipefail
partitions=${1:-400} gibibytes=${2:-4}
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
start nodes

under_replicated() { curl -s http://127.0.0.1:18080/q/metrics | awk '/^ackgate_under_replicated_partitions/ {print int($2)}'; }
load() { # TOPIC PARTITIONS RECORDS RATE
  "$root/client/ackgate" perf --bootstrap 127.0.0.1:18080 --topic "$1" --partitions "$2" --topic-config min.insync.replicas=2 \
    --acks all --idempotent --record-size 1024 --records "$3" --rate "$4" --warmup "$([ "$4" = 0 ] && echo 0s || echo 2s)" \
    --linger "$([ "$4" = 0 ] && echo 5ms || echo 0ms)" --window 20000 -o json
}
probe() { # STATE
  load probe 12 20000 2000 | jq -r --arg state "$1" \
    '.runs[0].latencyMs | "\($state)\tp50 \(.p50)\tp99 \(.p99)\tp99.9 \(."p99.9")"'
}

load large "$partitions" 200000 0 >/dev/null
load probe 12 80000 2000 >/dev/null
for _ in 1 2 3; do probe before; done

kill -9 "${pid[node-3]}"
wait "${pid[node-3]}" 2>/dev/null || true
load large "$partitions" $((gibibytes * 1048576)) 0 | jq -r '.runs[0] | "node 3 down: \(.recordsPerSecond) records/s, \(.failed) failed"'
for _ in 1 2 3; do probe "node 3 down"; done
lines=$(wc -l <"$work/gateway.log")

node 3
ready 18093
began=$SECONDS
(while [ "$(under_replicated)" != 0 ] && [ $((SECONDS - began)) -lt 900 ]; do sleep 0.2; done; echo $((SECONDS - began)) >"$work/caught-up") &
until [ -e "$work/caught-up" ]; do probe "catching up"; done
printf 'caught up after %s s, %s partitions under-replicated\n' "$(cat "$work/caught-up")" "$(under_replicated)"
probe after
printf 'streams that ended since node 3 was started: %s\n' "$(tail -n "+$((lines + 1))" "$work/gateway.log" | grep -c 'stream .* ended' || true)"
