#!/usr/bin/env bash
# W1, customer sync: our engine beside hand-written baselines on one upstream. Each scene is one run with a table of its own; the last table is the gates.
#   W1_BENCH=<bench folder> tests/Benchmarks/w1/run.sh        SCENES="webhook feed half start postgres nodes"  REPS=3  BURST=5000  OUT=<folder for the results>
set -u
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"; root="$(cd "$here/../../.." && pwd)"
if [ -z "${W1_BENCH:-}" ]; then echo "w1: skipped, because W1_BENCH names no folder with the bench (w1.sh, upstream, loadgen, baseline)."; exit 0; fi
if [ ! -f "$W1_BENCH/w1.sh" ]; then echo "w1: W1_BENCH is $W1_BENCH, but there is no w1.sh in it." >&2; exit 2; fi
for tool in dotnet node curl; do command -v "$tool" > /dev/null || { echo "w1: $tool is needed and not installed." >&2; exit 2; }; done
scenes="${SCENES:-webhook feed half start postgres nodes}"
export BENCH_HOME="${BENCH_HOME:-$(dirname "$(mktemp -u)")/w1-bench}"

work="$(mktemp -d)"; results="${OUT:-$work/results}"; mkdir -p "$results"
source "$here/postgres.sh"
trap 'postgres_stop; rm -rf "$work"' EXIT
flow="${FLOW_DLL:-}"
if [ -z "$flow" ]; then dotnet publish "$root/engine/Cli" -c Release -v q --nologo -clp:NoSummary -o "$work/flow" || exit 2; flow="$work/flow/flow.dll"; fi

# Names for values that are no secrets: the upstream takes any.
export W1_SECRET=bench W1_HOOK_TOKEN=bench OURS_PORT=5080 OURS_URL=http://127.0.0.1:5080/hooks/w1/bench
export LOADS="burst:${BURST:-5000}" REPS="${REPS:-3}"
# One token of a real server takes 1,000 calls a second and ten times as many at once; these bursts are more.
serve() { echo "${program:-dotnet $flow} serve --workspace $here/$1 --limits-hook-rate 100000 --db $2"; }

# scene NAME MODE LATENCIES ENGINES COMMAND: one run of the bench; w1.sh starts each engine once, so a new database is one for the scene.
scene() { echo "== $1 (load $(cut -d' ' -f1 /proc/loadavg))"; OUT="$results/$1.jsonl" OURS_MODE="$2" LATENCIES="$3" ENGINES="$4" OURS_CMD="$5" bash "$W1_BENCH/w1.sh" || exit 2; }

for name in $scenes; do case $name in
  webhook) scene webhook webhook "${LATENCY:-40 0}" "cs-ideal ours" "$(serve webhook "$work/webhook.db")" ;;
  feed) scene feed feed 40 "cs-ideal-feed ours" "$(serve feed "$work/feed.db")" ;;
  half) echo "== half"; node "$here/half.js" "$results/webhook.jsonl" "$results/half.jsonl" $(serve webhook "$work/half.db") || exit 2 ;;
  start)
    # Compiled for this machine together with its runtime, as operations.md says for servers.
    dotnet publish "$root/engine/Cli" -c Release --use-current-runtime --self-contained true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true -v q --nologo -clp:NoSummary -o "$work/ready" || exit 2
    echo "== start"; node "$here/start.js" "$results/start.jsonl" $(program="$work/ready/flow" serve webhook "$work/start.db") || exit 2 ;;
  postgres|nodes)
    postgres_start "$work/postgres" || { echo "w1: $name is left out, because PostgreSQL is not installed under /usr/lib/postgresql."; continue; }
    if [ "$name" = postgres ]; then postgres_database w1; scene postgres webhook 40 ours "$(serve webhook "'postgres:$POSTGRES;Database=w1'") --key-file $work/postgres.key"; continue; fi
    # A second for each answer: the upstream is the limit, not the two cores everything shares here.
    for count in 1 2; do
      postgres_database "w1_$count"
      scene "nodes-$count" webhook 1000 ours "$here/nodes.sh $count $flow $here/webhook '$POSTGRES;Database=w1_$count' $work/nodes.key"
    done ;;
  *) echo "w1: there is no scene '$name'." >&2; exit 2 ;;
esac; done
node "$here/gates.js" "$results"
