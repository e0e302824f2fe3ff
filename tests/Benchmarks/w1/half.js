// node half.js WEBHOOK_RESULTS OUT COMMAND…: events on a fixed schedule, half as many a second as a burst got done; how long until each is accepted and done.
const fs = require('fs'), { start, upstream, configure, median, rows, load } = require('./process.js');
const [, , webhook, out, ...command] = process.argv;
const rate = Math.floor(median(rows(webhook).filter(row => row.label === 'ours' && row.latency === 40).map(row => row.perS)) / 2);
(async () => {
  const up = await upstream(), ours = await start(command, 'http://127.0.0.1:5080/health/ready');
  const to = [`url=${process.env.OURS_URL}`, `pid=${ours.pid}`, 'label=ours'];
  await load([...to, 'mode=window', 'n=3000', 'c=32', 'timeout=60']);
  await configure(40);
  fs.writeFileSync(out, '');
  for (let i = 0; i < Number(process.env.REPS); i++) {
    const row = await load([...to, 'mode=open', `rate=${rate}`, `n=${Math.min(20000, rate * 10)}`, 'timeout=120']);
    fs.appendFileSync(out, JSON.stringify(row) + '\n');
    console.log(`${rate} events/s: accepted p50 ${row.ackP50} ms, p99 ${row.ackP99} ms; done p50 ${row.p50} ms, p99 ${row.p99} ms; CPU s per 1,000 ${row.cpuPer1000}, RSS ${row.rssPeak} MB, load ${row.loadavg}`);
  }
  await ours.stop(); await up.stop();
})().catch(problem => { console.error(problem.message); process.exit(2); });
