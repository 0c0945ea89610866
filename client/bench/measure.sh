#!/usr/bin/env bash
# Measures Ackgate on this machine with the load of `ackgate perf` and prints a row per run:
#
#   client/bench/measure.sh standalone ROUNDS    one process, three replicas
#   client/bench/measure.sh nodes ROUNDS         one gateway and three storage-node processes
#   CASES="all:fsync:1024:12:0 ..."              ACKS:DURABILITY:BYTES:PARTITIONS:RATE, RATE 0 is flat out
#   WARM=60                                      seconds of load before the first round, so that hot code is compiled
#   TOUCH=6                                      gigabytes of memory to touch before every case, so that neither side
#                                                pays for pages that a virtual machine has not been given yet
#   BESIDE=COMMAND                               run after every case with ROUND ACKS DURABILITY BYTES PARTITIONS RATE:
#                                                a peer that takes its turn on the same machine
#
# Needs what `./mvnw -Dquick -DskipTests package` builds, and jq. Ports 18080 to 18096, data in a new
# directory under TMPDIR that is removed at the end. Columns: mode, case, round, load of the machine before,
# records/s, MB/s, p50, p99, p99.9 in ms (from the intended send when a rate is given), CPU seconds of the
# servers per million records sent, the warm-up counted in both and the topic's creation in neither, and of
# the client per million measured, without the warm-up.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/.mvn/jdk25.sh"; jdk25_find
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
mode=${1:-standalone} rounds=${2:-3}
heap=${HEAP:-512m} warmup=${WARMUP:-3s} hz=$(getconf CLK_TCK)
cases=${CASES:-"all:fsync:1024:1:0 all:fsync:1024:12:0 all:page-cache:1024:1:0 all:page-cache:1024:12:0
  1:fsync:1024:12:0 0:fsync:1024:12:0 1:page-cache:1024:12:0 0:page-cache:1024:12:0
  all:fsync:100:12:0 all:page-cache:100:12:0
  all:fsync:1024:12:2000 all:page-cache:1024:12:2000 1:page-cache:1024:12:2000
  all:fsync:1024:100:0 all:fsync:1024:1000:0"}
work=$(mktemp -d)
pids=()
stop() {
  # Their exit statuses are those of a signal, and must not end this before the data is removed.
  [ ${#pids[@]} -gt 0 ] && kill "${pids[@]}" 2>/dev/null && { wait "${pids[@]}" 2>/dev/null || true; }
  rm -rf "$work"
}
trap stop EXIT

ticks() { for p in "${pids[@]}"; do sed 's/.*) //' "/proc/$p/stat"; done | awk '{t += $12 + $13} END {print t + 0}'; }
ready() {
  for _ in $(seq 300); do curl -sf "http://127.0.0.1:$1/q/health/ready" >/dev/null && return; sleep 0.1; done
  echo "nothing ready on port $1" >&2; cat "$work"/*.log >&2; exit 1
}

export ACKGATE_DATA_DIR=$work/gateway QUARKUS_HTTP_PORT=18080
cd "$work"
if [ "$mode" = nodes ]; then
  for n in 1 2 3; do
    ACKGATE_NODE_ID=$n ACKGATE_LISTEN_PORT=1808$n ACKGATE_NODE_DATA_DIR=$work/node-$n QUARKUS_HTTP_PORT=1809$n \
      "$java" "-Xmx$heap" -jar "${NODE:-$root/storage-node/app/target/quarkus-app/quarkus-run.jar}" >"$work/node-$n.log" 2>&1 &
    pids+=($!)
  done
  for n in 1 2 3; do ready "1809$n"; done
  export ACKGATE_STORAGE_NODES=127.0.0.1:18081,127.0.0.1:18082,127.0.0.1:18083
fi
"$java" "-Xmx$heap" -jar "${GATEWAY:-$root/gateway/app/target/quarkus-app/quarkus-run.jar}" >"$work/gateway.log" 2>&1 &
pids+=($!)
ready 18080

perf() { "$root/client/ackgate" perf --bootstrap 127.0.0.1:18080 --payload-file "$root/client/examples/earthquakes.jsonl" "$@"; }
touched() {
  [ "${TOUCH:-0}" = 0 ] || { head -c "${TOUCH}G" /dev/zero >"/dev/shm/ackgate-bench.$$"; rm "/dev/shm/ackgate-bench.$$"; }
}
create() {
  curl -sf -X POST -H 'Content-Type: application/json' \
    -d "{\"name\":\"$1\",\"partitions\":$2,\"settings\":{\"ackgate.durability\":\"$3\"}}" \
    http://127.0.0.1:18080/admin/v1/topics >/dev/null || echo "topic $1 is still being made" >&2
}
remove() { curl -s -X DELETE "http://127.0.0.1:18080/admin/v1/topics/$1" >/dev/null; }
if [ "${WARM:-0}" != 0 ]; then
  for durability in page-cache fsync; do
    perf --topic "warm-$durability" --partitions 6 --topic-config ackgate.durability=$durability --acks all --idempotent \
      --record-size 1024 --records 1 --rate 0 --warmup "$((WARM / 2))s" --linger 5ms --window 20000 -o json >/dev/null
    remove "warm-$durability"
  done
fi

printf 'mode\tcase\tround\tload\trecords/s\tMB/s\tp50\tp99\tp99.9\tserver-cpu-s/M\tclient-cpu-s/M\tfailed\n'
topic=0
for round in $(seq "$rounds"); do
  for case in $cases; do
    IFS=: read -r acks durability bytes partitions rate <<<"$case"
    topic=$((topic + 1))
    records=${RECORDS:-$((rate > 0 ? rate * 10 : bytes > 500 ? 600000 : 3000000))}
    # Before the CPU is read: making 1,000 partitions is no part of what a record costs.
    create "t$topic" "$partitions" "$durability"
    touched
    load=$(cut -d' ' -f1 /proc/loadavg) before=$(ticks)
    idempotent=--no-idempotent; [ "$acks" = all ] && idempotent=--idempotent
    linger=5ms; [ "$rate" != 0 ] && linger=0ms
    perf --topic "t$topic" --acks "$acks" $idempotent --record-size "$bytes" \
      --records "$records" --rate "$rate" --warmup "$warmup" --linger "$linger" \
      --window "${WINDOW:-20000}" -o json >"$work/run.json"
    spent=$(($(ticks) - before))
    jq -r --arg mode "$mode" --arg case "$case" --arg round "$round" --arg load "$load" \
      --argjson spent "$spent" --argjson hz "$hz" \
      '.runs[0] | [$mode, $case, $round, $load, .recordsPerSecond, .megabytesPerSecond, .latencyMs.p50, .latencyMs.p99,
        .latencyMs."p99.9", ($spent / $hz / .recordsSent * 1000000 | . * 10 | round / 10), .clientCpuSecondsPerMillion, .failed] | @tsv' \
      "$work/run.json"
    remove "t$topic"
    [ -z "${BESIDE:-}" ] || touched
    [ -z "${BESIDE:-}" ] || $BESIDE "$round" "$acks" "$durability" "$bytes" "$partitions" "$rate"
  done
done
