// GET /health: says that the API reaches its functions, and which version of Node runs them.
export const handler = async () => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  body: JSON.stringify({ status: "ok", runtime: process.version, service: process.env.SERVICE }),
});
