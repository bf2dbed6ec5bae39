const http = require('node:http');

const uses = {
  '/': () => 'ws and the moons\n',
  '/ejs': async () => await require('ejs').renderFile('/app/page.ejs', { moons: ['Io', '<b>'] }),
  '/yaml': () => JSON.stringify(require('yaml').parse('a: [1, 2]\nb: { c: null }')),
  '/stringify': () => require('yaml').stringify({ a: [1, { b: 'x' }] }),
  '/badyaml': () => { try { return require('yaml').parse('a: ['); } catch (error) { return error.name; } },
  '/semver': () => String(require('semver').satisfies('1.2.3', '^1.0.0')),
  '/semvermax': () => require('semver').maxSatisfying(['1.0.0', '1.4.0', '2.0.0'], '1'),
  '/socket': () => new Promise((resolve) => {
    const { WebSocket } = require('ws');
    const socket = new WebSocket('ws://127.0.0.1:8080/');
    socket.on('open', () => socket.send('moon'));
    socket.on('message', (data) => { resolve(String(data)); socket.close(); });
    socket.on('error', (error) => resolve(error.message));
  }),
  '/stream': () => typeof require('ws').createWebSocketStream,
  '/worker': () => new Promise((resolve) => new (require('node:worker_threads').Worker)('require("worker_threads").parentPort.postMessage(6 * 7)', { eval: true }).on('message', (m) => resolve(String(m)))),
  '/child': () => require('node:child_process').execFileSync(process.execPath, ['-p', '40 + 2']).toString(),
  '/intl': () => new Date(0).toLocaleDateString('de', { timeZone: 'Europe/Vienna', weekday: 'long', month: 'long' }),
  '/lookup': () => new Promise((resolve) => require('node:dns').lookup('localhost', { family: 4 }, (error, address) => resolve(String(error ?? address)))),
  '/hash': () => require('node:crypto').createHash('sha512').update('a').digest('base64'),
  '/zip': () => require('node:zlib').brotliDecompressSync(require('node:zlib').brotliCompressSync('moon')).toString(),
  '/temp': () => { const fs = require('node:fs'); const d = fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'm')); fs.writeFileSync(`${d}/a`, 'b'); return fs.readFileSync(`${d}/a`, 'utf8'); },
  '/user': () => require('node:os').userInfo().username,
  '/fetch': async () => (await (await fetch('http://127.0.0.1:8080/')).text()),
  '/missing': () => { try { return require('nothing'); } catch (error) { return error.code; } },
  '/import': async () => typeof (await import('semver')).default.valid,
};

const server = http.createServer(async (request, answer) => {
  const use = uses[new URL(request.url, 'http://x').pathname];
  try {
    answer.statusCode = use === undefined ? 404 : 200;
    answer.end(use === undefined ? 'no such moon' : await use());
  } catch (error) {
    answer.statusCode = 500;
    answer.end(String(error.code ?? error.message));
  }
});
server.on('upgrade', (request, socket, head) => {
  const { WebSocketServer } = require('ws');
  new WebSocketServer({ noServer: true, perMessageDeflate: true }).handleUpgrade(request, socket, head, (client) => {
    client.on('message', (data) => client.send(String(data).toUpperCase()));
  });
});
server.listen(8080);
