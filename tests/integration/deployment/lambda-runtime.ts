/** Loads a packaged handler, hands it the event that it is sent and sends back the answer. */
const [file = '', name = ''] = process.argv.slice(2);

process.once('message', async (event) => {
  const { [name]: handler } = await import(file);
  process.send?.({ answer: await handler(event, { getRemainingTimeInMillis: () => 900_000 }) });
  process.disconnect();
});
