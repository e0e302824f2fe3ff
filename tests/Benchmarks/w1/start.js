// node start.js OUT COMMAND…: from the start of the process until it is ready, over a database that stands there; the first start makes it and does not count.
const fs = require('fs'), { start, upstream } = require('./process.js');
const [, , out, ...command] = process.argv;
(async () => {
  const up = await upstream();
  fs.writeFileSync(out, '');
  for (let i = 0; i <= 5; i++) {
    const ours = await start(command, 'http://127.0.0.1:5080/health/ready');
    await ours.stop();
    if (i === 0) continue;
    fs.appendFileSync(out, JSON.stringify({ label: 'ours', readyMs: Math.round(ours.readyMs) }) + '\n');
    console.log(`ready after ${Math.round(ours.readyMs)} ms`);
  }
  await up.stop();
})().catch(problem => { console.error(problem.message); process.exit(2); });
