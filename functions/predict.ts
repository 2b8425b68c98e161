export const handler = async (event: unknown) => {
  console.log('predict', JSON.stringify(event));
  return { ok: true };
};
