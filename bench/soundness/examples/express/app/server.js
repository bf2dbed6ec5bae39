const express = require('express');

const app = express();
app.set('views', '/app/views');
app.set('view engine', 'ejs');
app.use(express.static('/app/public'));
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
const say = (path, answer) =>
  app.get(path, async (request, response, next) => {
    try {
      response.send(String(await answer(request)));
    } catch (error) {
      next(error);
    }
  });
say('/', () => 'Express and the moons\n');
app.get('/page', (request, response) => response.render('page', { name: '<b>' }));
for (const name of ['lazy', 'none']) app.get(`/${name}`, (...words) => require(`./routes/${name}`)(...words));
app.post('/echo', (request, response) => response.json(request.body));
app.get('/cookie', require('cookie-parser')('s'), (request, response) =>
  response.cookie('a', '1').send(request.cookies),
);
app.get('/away', (request, response) => response.redirect('/'));
app.get('/file', (request, response) => response.sendFile('/app/public/a.css'));
app.get('/download', (request, response) => response.download('/app/public/a.css', 'b.css'));
app.get('/type', (request, response) => response.type('docx').send('x'));
app.get('/format', (request, response) =>
  response.format({ text: () => response.send('t'), json: () => response.json({}) }),
);
say('/moment', () => require('moment')(0).utc().locale('de').format('LLLL'));
say('/lodash', () => require('lodash').chunk([1, 2, 3], 2).join('|') + require('lodash/kebabCase')('aB'));
say('/yaml', () => JSON.stringify(require('js-yaml').load('a: [1]')));
say('/hash', () => require('crypto').createHash('sha3-256').update('a').digest('hex'));
say('/sign', () => require('crypto').generateKeyPairSync('ed25519').publicKey.asymmetricKeyType);
say('/intl', () => new Intl.DateTimeFormat('de-AT', { dateStyle: 'full', timeZone: 'Asia/Tokyo' }).format(0));
say('/money', () => new Intl.NumberFormat('ja-JP', { style: 'currency', currency: 'JPY' }).format(5));
say('/zlib', () => require('zlib').brotliDecompressSync(require('zlib').brotliCompressSync('abc')));
say('/lookup', () =>
  require('dns')
    .promises.lookup('localhost')
    .then(({ address }) => address),
);
say('/user', () => require('os').userInfo().username);
say(
  '/worker',
  () =>
    new Promise((done, fail) =>
      new (require('worker_threads').Worker)('require("worker_threads").parentPort.postMessage(42)', {
        eval: true,
      })
        .on('message', done)
        .on('error', fail),
    ),
);
say('/fetch', () => fetch('http://127.0.0.1:9/').catch((error) => error.cause.code));
say('/tls', () => require('tls').rootCertificates.length > 50);
say('/decoder', () => new TextDecoder('shift_jis').decode(Buffer.from([0x93, 0xfa])));
say('/import', async () => (await import('node:path')).posix.sep + (await import('ws')).default.name);
say('/boom', () => {
  throw new Error('boom');
});
app.listen(8080, () => console.log('listening'));
