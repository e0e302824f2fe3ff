// A server started as run.sh says it, and the bench's upstream: started, asked until ready, stopped.
const { spawn } = require('child_process');
const sleep = ms => new Promise(done => setTimeout(done, ms));
const home = process.env.BENCH_HOME;

async function until(url, every) {
  for (const begun = Date.now(); Date.now() - begun < 60000; await sleep(every)) {
    try { const answer = await fetch(url); await answer.arrayBuffer(); if (answer.ok) return; } catch { /* not yet */ }
  }
  throw new Error(`${url} did not answer in a minute.`);
}

/** Starts a command line; resolves when `url` answers 2xx. */
async function start(command, url, environment = {}, every = 5) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment } });
  const begun = process.hrtime.bigint();
  await until(url, every);
  return { pid: child.pid, readyMs: Number(process.hrtime.bigint() - begun) / 1e6, stop: () => new Promise(done => { child.once('exit', done); child.kill('SIGTERM'); }) };
}

const upstream = () => start(['dotnet', `${home}/bin/upstream/upstream.dll`], 'http://127.0.0.1:8090/_stats', { PORT: '8090', LATENCY_MS: '0' }, 100);
const configure = (latency) => fetch(`http://127.0.0.1:8090/_config?latency=${latency}&rate=0`, { method: 'POST' });
const median = values => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
const rows = file => require('fs').readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(line => JSON.parse(line));

/** Runs the load generator; its line of figures. */
function load(given) {
  return new Promise((done, failed) => {
    const child = spawn('dotnet', [`${home}/bin/loadgen/loadgen.dll`, 'up=http://127.0.0.1:8090', ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', part => out += part);
    child.once('exit', code => code === 0 ? done(JSON.parse(out)) : failed(new Error(`The load generator ended with ${code}.`)));
  });
}

module.exports = { start, upstream, configure, median, rows, load };
