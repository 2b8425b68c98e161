/** Loads a packaged handler, hands it the event that it is sent and sends back the answer. */
const [file = '', name = '', timeOutSeconds] = process.argv.slice(2);

process.once('message', async (event) => {
  const { [name]: handler } = await import(file);
  process.send?.({ answer: await handler(event, { getRemainingTimeInMillis: () => Number(timeOutSeconds) * 1000 }) });
  process.disconnect();
});
