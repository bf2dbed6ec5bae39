// Contends for the locks that the test names, with the lock of the build that the first argument leads to.
const { lock } = await import(process.argv[2]);

class Busy extends Error {}
let held;

process.on('message', async ({ path, release }) => {
  if (release) {
    await held?.[Symbol.asyncDispose]();
    held = undefined;
    process.send('released');
    return;
  }
  try {
    held = await lock(path, { signed: true, busy: () => new Busy() });
    process.send('held');
  } catch (error) {
    process.send(error instanceof Busy ? 'busy' : String(error.stack));
  }
});
process.send('ready');
