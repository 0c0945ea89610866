#!/usr/bin/env bash
# What a reader of old records does to those who write: one partition is read from its beginning while 2,000 records/s of
# 1 KiB go to 12 other partitions with acks=all.
#
#   client/bench/cold-reader.sh [MEBIBYTES] [ROUNDS]     10,240 and 3 when not given; three replicas of it are stored
#
# One gateway, three storage-node processes. Prints p50, p99 and p99.9 in ms of runs of 10 s, in turn alone, beside a
# reader of records that are in the page cache, and beside one of records that are in no cache; how fast each reader was;
# and the medians of p99. The reader has the least priority, prints nothing, and is left when a run ends. The bar is cold
# to alone, 1.2. Cold to warm tells what the disk has to do with it, since both readers cost the processors the same; the
# whole of it must fit in the page cache three times for that. Root only, since caches are dropped. Needs what
# `./mvnw -Dquick -DskipTests package` builds, and jq. See processes.sh for the settings.
set -euo pipefail
mebibytes=${1:-10240} rounds=${2:-3}
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
room $((3 * mebibytes))
start nodes

load() { # TOPIC PARTITIONS RECORDS RATE
  "$root/client/ackgate" perf --bootstrap 127.0.0.1:18080 --topic "$1" --partitions "$2" --topic-config min.insync.replicas=2 \
    --acks all --idempotent --record-size 1024 --records "$3" --rate "$4" --warmup "$([ "$4" = 0 ] && echo 0s || echo 2s)" \
    --linger "$([ "$4" = 0 ] && echo 5ms || echo 0ms)" --window 20000 -o json
}
probe() { # STATE
  load probe 12 20000 2000 | jq -r --arg state "$1" \
    '.runs[0].latencyMs | "\($state)\tp50 \(.p50)\tp99 \(.p99)\tp99.9 \(."p99.9")"' | tee -a "$work/runs"
}
# Bytes that all nodes have had read from the disk.
fetched() { for n in 1 2 3; do awk '/^read_bytes/ {print $2}' "/proc/${pid[node-$n]}/io"; done | awk '{b += $1} END {print b}'; }

load old 1 $((mebibytes * 1024)) 0 | jq -r '.runs[0] | "filled: \(.recordsPerSecond) records/s, \(.failed) failed"'
load probe 12 80000 2000 >/dev/null
beside() { # STATE
  local before began ended
  before=$(fetched) began=$SECONDS
  nice -n 19 "$java" -Xmx256m -cp "$root/gateway/app/target/quarkus-app/lib/main/*" \
    "$root/client/bench/ColdReader.java" 127.0.0.1:18080 old >"$work/reader.log" 2>&1 &
  pid[reader]=$!
  probe "$1"
  if kill "${pid[reader]}" 2>/dev/null; then ended="read on to the end of the run"; else ended="was through before the run was"; fi
  wait "${pid[reader]}" 2>/dev/null || true
  unset 'pid[reader]'
  awk -v b=$(($(fetched) - before)) -v s=$((SECONDS - began)) -v ended="$ended" \
    'BEGIN {printf "the reader %s; %.0f MiB came from the disk, %.0f MiB/s\n", ended, b / 1048576, b / 1048576 / (s > 0 ? s : 1)}'
}
for _ in $(seq "$rounds"); do
  probe alone
  beside warm
  cold
  beside cold
done
awk -F'\t' '
  function median(state,   n, i, j, t) {
    n = count[state]
    for (i = 2; i <= n; i++) for (j = i; j > 1 && of[state, j] < of[state, j - 1]; j--) {
      t = of[state, j]; of[state, j] = of[state, j - 1]; of[state, j - 1] = t
    }
    return n % 2 ? of[state, (n + 1) / 2] : (of[state, n / 2] + of[state, n / 2 + 1]) / 2
  }
  {split($3, p99, " "); of[$1, ++count[$1]] = p99[2] + 0}
  END {
    alone = median("alone"); warm = median("warm"); cold = median("cold")
    printf "medians of p99: alone %.2f ms, beside a warm reader %.2f ms, beside a cold one %.2f ms\n", alone, warm, cold
    printf "cold to alone %.2f (bar: 1.2 or less), cold to warm %.2f\n", cold / alone, cold / warm
  }' "$work/runs"
