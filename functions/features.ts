export const handler = async (event: unknown) => {
  console.log('features', JSON.stringify(event));
  return { ok: true };
};
