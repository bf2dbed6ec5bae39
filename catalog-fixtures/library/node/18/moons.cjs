// What is known, in the old kind of module: its names are found by a lexer when the new kind imports it.
exports.mars = ['Phobos', 'Deimos'];
exports.neptune = ['Triton'];
