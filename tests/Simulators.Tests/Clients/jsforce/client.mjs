// Runs jsforce, unmodified, against the simulated org at the address given, and prints what it saw as JSON.
import jsforce from "jsforce";

const [, , loginUrl, clientId, clientSecret] = process.argv;
const seen = {};

const conn = new jsforce.Connection({ loginUrl, instanceUrl: loginUrl, version: "67.0", oauth2: { clientId, clientSecret, loginUrl } });
await conn.authorize({ grant_type: "client_credentials" });
seen.signedIn = typeof conn.accessToken === "string";

const described = await conn.sobject("Account").describe();
seen.key = described.fields.filter((f) => f.externalId && f.unique).map((f) => f.name);
seen.objects = (await conn.describeGlobal()).sobjects.some((o) => o.name === "CampaignMember");

const created = await conn.sobject("Account").create({ Name: "O'Brien & Söhne", Key__c: "1" });
seen.created = created.success;
const read = await conn.sobject("Account").retrieve(created.id);
seen.read = read.Name;
seen.updated = (await conn.sobject("Account").update({ Id: created.id, Phone: "208" })).success;
seen.phone = (await conn.query("SELECT Phone FROM Account WHERE Name = 'O\\'Brien & Söhne'")).records[0].Phone;

const first = await conn.sobject("Account").upsert({ Key__c: "2", Name: "Two" }, "Key__c");
const second = await conn.sobject("Account").upsert({ Key__c: "2", Name: "Two again" }, "Key__c");
seen.upserts = [first.created, second.created, first.id === second.id];
await conn.sobject("Account").create([{ Name: "Loose 1", Loose__c: "same" }, { Name: "Loose 2", Loose__c: "same" }]);
try {
  await conn.sobject("Account").upsert({ Loose__c: "same", Name: "Which" }, "Loose__c");
  seen.several = "none";
} catch (e) {
  seen.several = e.name ?? e.errorCode;
}

const loose = await conn.sobject("Account").create([{ Name: "Good" }, { Phone: "no name" }]);
seen.loose = loose.map((r) => r.success);
const strict = await conn.sobject("Account").create([{ Name: "Rolled back" }, { Phone: "no name" }], { allOrNone: true });
seen.strict = strict.map((r) => r.success || r.errors[0].statusCode);

const many = await conn.sobject("Contact").create(Array.from({ length: 450 }, (_, i) => ({ LastName: `Contact ${i}` })), { allowRecursive: true });
seen.many = many.filter((r) => r.success).length;
const paged = await conn.query("SELECT Id, LastName FROM Contact", { autoFetch: false });
seen.pages = [paged.totalSize, paged.records.length, paged.done];
const rest = await conn.queryMore(paged.nextRecordsUrl);
seen.second = rest.records.length;
seen.all = (await conn.query("SELECT Id FROM Contact", { autoFetch: true, maxFetch: 1000 })).records.length;
seen.count = (await conn.query("SELECT COUNT(Id) n, MAX(LastName) last FROM Contact")).records[0].n;

seen.deleted = (await conn.sobject("Contact").destroy(many.slice(0, 200).map((r) => r.id))).every((r) => r.success);
const left = await conn.query("SELECT COUNT() FROM Contact");
seen.left = left.totalSize;
const bin = await conn.query("SELECT COUNT() FROM Contact WHERE IsDeleted = TRUE", { scanAll: true });
seen.bin = bin.totalSize;

const rows = Array.from({ length: 250 }, (_, i) => (i % 25 === 3 ? { Key__c: `b${i}`, Name: "" } : { Key__c: `b${i}`, Name: `Bulk "${i}", line\nbreak` }));
const bulk = await conn.bulk2.loadAndWaitForResults({ object: "Account", operation: "upsert", externalIdFieldName: "Key__c", input: rows, pollInterval: 10, pollTimeout: 30000 });
seen.bulk = [bulk.successfulResults.length, bulk.failedResults.length, bulk.unprocessedRecords.length];
seen.bulkErrors = [...new Set(bulk.failedResults.map((r) => r.sf__Error))];
seen.bulkKeys = bulk.failedResults.map((r) => r.Key__c).sort();
const stream = await conn.bulk2.query("SELECT Id, Name, Key__c FROM Account WHERE Key__c LIKE 'b%'", { pollInterval: 10, pollTimeout: 30000 });
const queried = await stream.toArray();
seen.queried = [queried.length, queried.every((r) => r.Name.startsWith('Bulk "'))];

seen.limits = (await conn.limits()).DailyApiRequests.Max;
seen.usage = conn.limitInfo.apiUsage?.used > 0;
console.log(JSON.stringify(seen));
