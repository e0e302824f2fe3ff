#!/usr/bin/env bash
# nodes.sh COUNT FLOW_DLL WORKSPACE CONNECTION_STRING KEY_FILE: so many servers over one database as one tree of processes. The first one's port, 5080, opens last.
set -u
trap 'kill $(jobs -p) 2> /dev/null; wait; exit 0' TERM INT
for ((i = $1 - 1; i >= 0; i--)); do
  dotnet "$2" serve --workspace "$3" --db "postgres:$4" --key-file "$5" --limits-hook-rate 100000 --cluster --node-port $((11111 + i)) --urls "http://127.0.0.1:$((5080 + i))" &
  if [ "$i" -gt 0 ]; then for _ in $(seq 1 150); do curl -fs -o /dev/null "http://127.0.0.1:$((5080 + i))/health/ready" && break; sleep 0.2; done; fi
done
wait
