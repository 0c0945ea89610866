#!/usr/bin/env bash
# What an idle gateway and idle storage nodes cost: CPU, as a share of one core, and memory of each process, with many
# partitions without writers, first without readers, then with readers that wait at the end.
#
#   client/bench/idle.sh standalone|nodes PARTITIONS SUBSCRIBERS [SECONDS]
#
# SECONDS (60) is how long each state is measured, after as long for it to settle (at most 30 s). Needs what
# `./mvnw -Dquick -DskipTests package` builds. See processes.sh for the settings.
set -euo pipefail
mode=${1:?standalone or nodes} partitions=${2:?partitions} subscribers=${3:?subscribers} seconds=${4:-60}
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"

start "$mode"
curl -sf -X POST -H 'Content-Type: application/json' -d "{\"name\":\"idle\",\"partitions\":$partitions}" \
  http://127.0.0.1:18080/admin/v1/topics >/dev/null || echo "the topic is still being made" >&2
for _ in $(seq 600); do
  online=$(curl -s http://127.0.0.1:18080/q/metrics | awk '/^ackgate_offline_partitions/ {print int($2)}')
  [ "${online:-1}" = 0 ] && break
  sleep 1
done
if [ "$subscribers" -gt 0 ]; then
  # The readers read one small topic of their own.
  curl -sf -X POST -H 'Content-Type: application/json' -d '{"name":"read","partitions":100}' \
    http://127.0.0.1:18080/admin/v1/topics >/dev/null
fi

declare -A before
measure() {
  sleep $((seconds < 30 ? seconds : 30))
  for name in "${!pid[@]}"; do before[$name]=$(cpu "$name"); done
  sleep "$seconds"
  for name in $(printf '%s\n' "${!pid[@]}" | sort); do
    [ "$name" = readers ] && continue
    awk -v name="$name" -v state="$1" -v a="${before[$name]}" -v b="$(cpu "$name")" -v s="$seconds" -v mb="$(resident "$name")" \
      'BEGIN {printf "%s\t%s\t%.1f %% of a core\t%d MiB\n", state, name, (b - a) / s * 100, mb}'
  done
}
measure "$partitions partitions, no reader"
if [ "$subscribers" -gt 0 ]; then
  "$java" -Xmx1g -cp "$root/client/cli/target/ackgate.jar:$root/client/cli/target/lib/*" "$root/client/bench/Subscribers.java" \
    127.0.0.1:18080 read "$subscribers" >"$work/readers.log" 2>&1 &
  pid[readers]=$!
  for _ in $(seq 120); do grep -q subscribed "$work/readers.log" && break; sleep 1; done
  measure "$partitions partitions, $subscribers readers of 100"
fi
