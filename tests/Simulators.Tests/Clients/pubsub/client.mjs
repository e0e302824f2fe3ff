// Runs salesforce-pubsub-api-client, unmodified, against the simulated org and event service, and prints what it saw as JSON.
import PubSubApiClient from "salesforce-pubsub-api-client";

const [, , loginUrl, clientId, clientSecret, pubSubEndpoint] = process.argv;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const config = () => ({ authType: "oauth-client-credentials", loginUrl, clientId, clientSecret, pubSubEndpoint, rejectUnauthorizedSsl: false });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seen = {};

const answer = await fetch(`${loginUrl}/services/oauth2/token`, { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret }) });
const token = await answer.json();
const headers = { Authorization: `Bearer ${token.access_token}`, "Content-Type": "application/json", "Sforce-Call-Options": "client=acme-sync" };
const rest = (method, path, body) => fetch(`${loginUrl}/services/data/v67.0/sobjects${path}`, { method, headers, body: body && JSON.stringify(body) });
const create = async (name) => (await (await rest("POST", "/Account", { Name: name, BillingCity: "Boise", AnnualRevenue: 5 })).json()).id;

const client = new PubSubApiClient(config(), silent);
await client.connect();
const until = async (list, done) => {
  for (let i = 0; i < 400 && !done(list); i++) await pause(25);
  return list;
};
const collect = (list) => (_subscription, type, data) => { if (type === "event") list.push(data); else if (type === "error") list.push({ error: data }); };

// Latest: nothing from before; records are made until the first is told.
await create("Before");
const live = [];
client.subscribe("/data/AccountChangeEvent", collect(live), 100);
let id;
for (let i = 0; i < 100 && live.length === 0; i++) {
  id = await create(`Live ${i}`);
  await pause(100);
}
await pause(300);
seen.first = [live[0].payload.ChangeEventHeader.changeType, live[0].payload.Name.startsWith("Live"), live[0].payload.BillingAddress.City, live[0].payload.AnnualRevenue];
live.length = 0;
await rest("PATCH", `/Account/${id}`, { BillingCity: "Nampa", Industry: "Retail", AnnualRevenue: null });
await until(live, (l) => l.length >= 1);
const update = live[0].payload.ChangeEventHeader;
seen.update = [update.changeType, update.recordIds[0] === id, update.changeOrigin, [...update.changedFields].sort(), update.nulledFields];
const place = live[0].replayId;
await rest("DELETE", `/Account/${id}`);
await until(live, (l) => l.length >= 2);
seen.deleted = live[1].payload.ChangeEventHeader.changeType;

// Earliest: everything kept.
const all = [];
client.subscribeFromEarliestEvent("/data/ChangeEvents", collect(all), 3);
await until(all, (l) => l.length >= 3);
seen.earliest = all[0].payload.Name;

// A stored place goes on behind it; an unknown one is refused.
const after = [];
const second = new PubSubApiClient(config(), silent);
await second.connect();
second.subscribeFromReplayId("/data/AccountChangeEvent", collect(after), 1, place);
await until(after, (l) => l.length >= 1);
seen.after = after[0].payload.ChangeEventHeader.changeType;
const refused = [];
second.subscribeFromReplayId("/data/ContactChangeEvent", collect(refused), 1, 5);
await until(refused, (l) => l.length >= 1);
seen.refused = refused[0].error.metadata?.get("error-code")[0] ?? String(refused[0].error.message);
console.log(JSON.stringify(seen));
process.exit(0);
