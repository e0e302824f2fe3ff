#!/usr/bin/env bash
# W1, customer sync: our engine beside hand-written baselines on one upstream, in one run. One table for the webhook, one for the feed, then the floor.
#   W1_BENCH=<bench folder> tests/Benchmarks/w1/run.sh        REPS=3 BURST=5000 LATENCY=40 MODES="webhook feed"
set -u
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"; root="$(cd "$here/../../.." && pwd)"
if [ -z "${W1_BENCH:-}" ]; then echo "w1: skipped, because W1_BENCH names no folder with the bench (w1.sh, upstream, loadgen, baseline)."; exit 0; fi
if [ ! -f "$W1_BENCH/w1.sh" ]; then echo "w1: W1_BENCH is $W1_BENCH, but there is no w1.sh in it." >&2; exit 2; fi
for tool in dotnet node curl; do command -v "$tool" > /dev/null || { echo "w1: $tool is needed and not installed." >&2; exit 2; }; done

work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT
dotnet publish "$root/engine/Cli" -c Release -v q --nologo -clp:NoSummary -o "$work/flow" || exit 2

# Names for values that are no secrets: the upstream takes any.
export W1_SECRET=bench W1_HOOK_TOKEN=bench
export OURS_PORT=5080 OURS_URL=http://127.0.0.1:5080/hooks/w1/bench
export LATENCIES="${LATENCY:-40}" LOADS="burst:${BURST:-5000}" REPS="${REPS:-3}"
results=()
for mode in ${MODES:-webhook feed}; do
  # w1.sh starts each engine once, so a new file is a new database for every start.
  export OURS_MODE="$mode" ENGINES="cs-ideal ours" OUT="$work/$mode.jsonl"
  export OURS_CMD="dotnet $work/flow/flow.dll serve --workspace $here/$mode --db $work/$mode.db"
  echo "== $mode"; bash "$W1_BENCH/w1.sh" || exit 2
  results+=("$OUT")
done
node "$here/floor.js" "${results[@]}"
