// What is known of moons: it is in a YAML file beside this one.
'use strict';

const { readFileSync } = require('fs');
const { join } = require('path');
const { load } = require('js-yaml');

const known = load(readFileSync(join(__dirname, 'moons.yaml'), 'utf8'));

/** The moons of a planet by their name, an empty list where none is known. */
exports.moonsOf = (planet) => ({ planet, moons: known[planet] ?? [] });
