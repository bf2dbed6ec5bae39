// A web app on Express with two routes; what only the second needs is required when it is asked for.
'use strict';

const express = require('express');

const app = express();

app.get('/', (request, response) => response.type('text').send('Hello from Express!\n'));

app.get('/moons', (request, response) => {
  const { moonsOf } = require('./moons');
  response.json(moonsOf(request.query.planet));
});

app.listen(8080, '0.0.0.0', () => console.log('listening on port 8080'));
