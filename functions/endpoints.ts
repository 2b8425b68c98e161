export const handler = async (event: unknown) => {
  console.log('endpoints', JSON.stringify(event));
  return { ok: true };
};
