// A web server that imports what only one answer needs when that answer is asked for.
'use strict';

const http = require('http');

const answers = {
  '/': () => 'Hello from Node.js!\n',
  '/moons': async () => {
    const { moons } = await import('./moons.mjs');
    return `${moons()}\n`;
  },
};

const server = http.createServer(async (request, response) => {
  const answer = answers[request.url];
  response.setHeader('Content-Type', 'text/plain');
  try {
    response.statusCode = answer ? 200 : 404;
    response.end(answer ? await answer() : 'there is no such page\n');
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end('it failed\n');
  }
});

server.listen(8080, '0.0.0.0', () => console.log('listening on port 8080'));
