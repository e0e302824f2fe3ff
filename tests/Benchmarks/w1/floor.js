// node floor.js results.jsonl…: medians of our engine against the in-memory ideal of the same run; exit code 1 when a floor is missed.
const fs = require('fs'), path = require('path');
const median = values => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
let missed = 0;
for (const file of process.argv.slice(2)) {
  const rows = fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(line => JSON.parse(line));
  const of = (label, field) => median(rows.filter(row => row.label === label).map(row => row[field]));
  if (!rows.some(row => row.label === 'ours') || !rows.some(row => row.label === 'cs-ideal')) { console.log(`${file}: no results`); missed++; continue; }
  const ratio = of('ours', 'perS') / of('cs-ideal', 'perS');
  const wrong = rows.filter(row => row.label === 'ours').reduce((sum, row) => sum + row.bad + (row.n - row.completed), 0);
  const say = (name, value, floor, good) => { if (!good) missed++; console.log(`${path.basename(file, '.jsonl')}: ${name} ${value} (${floor}): ${good ? 'held' : 'MISSED'}`); };
  say('events per second against the ideal', ratio.toFixed(2), 'at least 0.20', ratio >= 0.2);
  say('calls per 1,000 events', of('ours', 'callsPer1000'), 'at most 40', of('ours', 'callsPer1000') <= 40);
  say('CPU seconds per 1,000 events', of('ours', 'cpuPer1000'), 'at most 1.0', of('ours', 'cpuPer1000') <= 1);
  say('wrong or missing records', wrong, 'none', wrong === 0);
}
process.exit(missed > 0 ? 1 : 0);
