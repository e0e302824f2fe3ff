// node gates.js FOLDER: the medians of what run.sh wrote there against the gates, as a table; exit code 1 when one is missed. A scene that was not played is left out.
const fs = require('fs'), path = require('path'), { median, rows } = require('./process.js');
const folder = process.argv[2], lines = [];
const of = (scene, label, latency) => fs.existsSync(path.join(folder, scene + '.jsonl')) ? rows(path.join(folder, scene + '.jsonl')).filter(row => row.label === label && (latency === undefined || row.latency === latency)) : [];
const middle = (list, field) => median(list.map(row => row[field]));
let missed = 0;
function gate(what, value, digits, least, most, aim = '') {
  const held = least !== null ? value >= least : value <= most;
  if (!held) missed++;
  lines.push(`| ${what} | ${value.toFixed(digits)} | ${least !== null ? `at least ${least}` : `at most ${most}`} | ${aim} | ${held ? 'held' : 'MISSED'} |`);
}
for (const [scene, ideal] of [['webhook', 'cs-ideal'], ['feed', 'cs-ideal-feed']]) {
  for (const [latency, share, aim] of [[40, 0.5, 0.7], [0, 0.2, 0.3]]) {
    const ours = of(scene, 'ours', latency), best = of(scene, ideal, latency);
    if (!ours.length || !best.length) continue;
    gate(`${scene}, ${latency} ms: events a second against the ideal (${middle(ours, 'perS').toFixed(0)} of ${middle(best, 'perS').toFixed(0)})`, middle(ours, 'perS') / middle(best, 'perS'), 2, share, null, aim);
    if (latency === 0) continue;
    gate(`${scene}: calls per 1,000 events`, middle(ours, 'callsPer1000'), 1, null, 20);
    gate(`${scene}: CPU seconds per 1,000 events`, middle(ours, 'cpuPer1000'), 2, null, 0.3, 0.2);
    gate(`${scene}: most memory, MB`, middle(ours, 'rssPeak'), 0, null, 250);
  }
}
if (of('half', 'ours').length) gate('half load: accepted p99, ms', middle(of('half', 'ours'), 'ackP99'), 1, null, 50);
if (of('start', 'ours').length) gate('start-up, s', middle(of('start', 'ours'), 'readyMs') / 1000, 2, null, 1);
if (of('postgres', 'ours').length && of('webhook', 'ours', 40).length) gate('PostgreSQL against SQLite', middle(of('postgres', 'ours'), 'perS') / middle(of('webhook', 'ours', 40), 'perS'), 2, 0.8, null);
if (of('nodes-2', 'ours').length) gate('two servers against one, answers after 1 s', middle(of('nodes-2', 'ours'), 'perS') / middle(of('nodes-1', 'ours'), 'perS'), 2, 1.6, null);
const wrong = ['webhook', 'feed', 'postgres', 'nodes-1', 'nodes-2'].flatMap(scene => of(scene, 'ours')).reduce((sum, row) => sum + row.bad + (row.n - row.completed), 0);
gate('wrong or missing records', wrong, 0, null, 0);
console.log(`\n| figure (medians) | value | gate | aim | |\n|---|---:|---|---|---|\n${lines.join('\n')}`);
process.exit(missed > 0 ? 1 : 0);
