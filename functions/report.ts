export const handler = async (event: unknown) => {
  console.log('report', JSON.stringify(event));
  return { ok: true };
};
