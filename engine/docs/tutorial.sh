#!/usr/bin/env bash
# The API in one sitting, with nothing but curl: from an empty server to a flow that runs, breaks, is mended, replayed, rolled back and promoted.
#
# Needs two servers and a Salesforce to talk to. Offline, in four terminals:
#   flow simulate salesforce --port 5082
#   flow serve --api-only --db one/flow.db --urls http://127.0.0.1:5080
#   flow serve --api-only --db two/flow.db --urls http://127.0.0.1:5090
#   bash tutorial.sh
# It is also a test, so what stands here works.
set -euo pipefail
SERVER=${SERVER:-http://127.0.0.1:5080}
SECOND=${SECOND:-http://127.0.0.1:5090}
SALESFORCE=${SALESFORCE:-http://127.0.0.1:5082}
SF_CLIENT_ID=${SF_CLIENT_ID:?the client id of the org; the simulator has one that its help tells}
SF_CLIENT_SECRET=${SF_CLIENT_SECRET:?its secret}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

say() { printf '\n== %s\n' "$*"; }
# Every call fails loudly; the answer goes to the screen and stays in $ANSWER.
call() { ANSWER=$(curl -sS --fail-with-body -H 'Content-Type: application/json' "$@") || { echo "$ANSWER"; exit 1; }; echo "${ANSWER:0:600}"; }
# Takes one text out of the answer: field NAME
field() { printf '%s' "$ANSWER" | grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
# Waits until a list holds so many rows with this text: wait_for PATH TEXT COUNT
wait_for() {
  for _ in $(seq 300); do
    ANSWER=$(curl -sS --fail-with-body "$SERVER$1")
    if [ "$(printf '%s' "$ANSWER" | grep -o "$2" | wc -l)" -ge "$3" ]; then echo "${ANSWER:0:600}"; return; fi
    sleep 0.1
  done
  echo "waited in vain for $3 of $2 at $1: $ANSWER"; exit 1
}
# A template is files; this one has a single flow. The text goes into JSON as one line with \n.
template() { printf '{"note":"%s","files":[{"path":"flow.yaml","content":"%s"}]}' "$1" "$(sed 's/\\/\\\\/g; s/"/\\"/g' "$WORK/flow.yaml" | awk '{printf "%s\\n", $0}')"; }

say "1. A flow: orders that arrive by a call become accounts"
cat > "$WORK/flow.yaml" <<'FLOW'
flow: shop-orders
version: 1.0.0
connections: { salesforce: salesforce }
input:
  id: { type: text }
  name: { type: text }
trigger: { webhook: orders, with: =trigger }
key: =input.id
steps:
  - id: account
    create: salesforce/Account
    once: { AccountNumber: =input.id }
    set: { Name: =input.name, Phone: '555 0100' }
FLOW
call -X PUT "$SERVER/api/templates/shop-orders" -d "$(template first)"

say "2. A connection; its secrets go in and never come out"
call -X PUT "$SERVER/api/connections/main" -d "{\"connector\":\"salesforce\",\"settings\":{\"baseAddress\":\"$SALESFORCE\",\"allowPrivate\":\"true\"},\"secrets\":{\"clientId\":\"$SF_CLIENT_ID\",\"clientSecret\":\"$SF_CLIENT_SECRET\"}}"
call -X POST "$SERVER/api/connections/main/test" -d '{}'

say "3. A dry run, then the deployment; the same request twice changes nothing"
REQUEST='{"template":"shop-orders","connections":{"salesforce":"main"}}'
call -X PUT "$SERVER/api/deployments/shop?dryRun=true" -d "$REQUEST"
call -X PUT "$SERVER/api/deployments/shop" -d "$REQUEST"
call -X PUT "$SERVER/api/deployments/shop" -d "$REQUEST"
[ "$(field result)" = unchanged ]

say "4. A token of inbound calls, and three orders"
call -X POST "$SERVER/api/deployments/shop/hook-tokens" -d '{"expiresInDays":30}'
HOOK=$SERVER$(field path)
for id in 1 2 3; do call -X POST "$HOOK" -d "{\"id\":\"$id\",\"name\":\"Customer $id\"}"; done
wait_for "/api/runs?deployment=shop" '"outcome":"succeeded"' 3

say "5. A mapping that breaks: long names do not fit the phone"
sed -i "s/Phone: '555 0100'/Phone: =input.name/; s/1.0.0/1.1.0/" "$WORK/flow.yaml"
call -X PUT "$SERVER/api/templates/shop-orders" -d "$(template 'phone is the name')"
call -X PUT "$SERVER/api/deployments/shop" -d "$REQUEST"
for id in 4 5; do call -X POST "$HOOK" -d "{\"id\":\"$id\",\"name\":\"Customer $id with a name that is far too long for any phone\"}"; done
wait_for "/api/dead-letters?deployment=shop" '"state":"open"' 2
call "$SERVER/api/dead-letters/groups"

say "6. What a mended flow would do, before it is deployed: nothing is written"
sed -i "s/Phone: =input.name/Phone: '555 0199'/; s/1.1.0/1.2.0/" "$WORK/flow.yaml"
call -X POST "$SERVER/api/flows/plan" -d "{\"deployment\":\"shop\",\"inputs\":[{\"id\":\"6\",\"name\":\"Customer 6\"}],$(template x | sed 's/^{"note":"x",//; s/}$//')}"

say "7. Mended, deployed, replayed"
call -X PUT "$SERVER/api/templates/shop-orders" -d "$(template mended)"
call -X PUT "$SERVER/api/deployments/shop" -d "$REQUEST"
call -X POST "$SERVER/api/dead-letters/replay" -d '{"deployment":"shop"}'
wait_for "/api/runs?deployment=shop" '"outcome":"succeeded"' 5

say "8. Back to the first version"
call -X POST "$SERVER/api/deployments/shop/rollback" -d '{"to":1}'
call "$SERVER/api/deployments/shop/versions"

say "9. Who changed what"
call "$SERVER/api/audit?limit=5"

say "10. Exported here, taken by an empty server; what is missing there is named first"
curl -sS --fail-with-body "$SERVER/api/workspace/export" -o "$WORK/export.json"
curl -sS -X POST -H 'Content-Type: application/json' "$SECOND/api/workspace/import?dryRun=true" -d @"$WORK/export.json"
call -X PUT "$SECOND/api/connections/main" -d "{\"connector\":\"salesforce\",\"settings\":{\"baseAddress\":\"$SALESFORCE\",\"allowPrivate\":\"true\"},\"secrets\":{\"clientId\":\"$SF_CLIENT_ID\",\"clientSecret\":\"$SF_CLIENT_SECRET\"}}"
call -X POST "$SECOND/api/workspace/import" -d @"$WORK/export.json"
call "$SECOND/api/deployments/shop"

say "Done."
