module.exports = (_, response) => response.json({ lazy: true });
