/** Sends one request to a local server. Returns the data of its answer. */
export async function ask(port: number, body: string, authorization: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${body.slice(0, 200)}: ${JSON.stringify(errors).slice(0, 2_000)}`);
  return data;
}
