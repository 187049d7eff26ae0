// Measures get_customer_context over MCP against the same selection over GraphQL: npm run bench:mcp -- [ROUNDS]
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { openDatabase } from '../../src/db/database.ts';
import { encodeId } from '../../src/lib/ids.ts';
import { contextDocument } from '../../src/mcp/context/context-document.ts';
import { connect, machine, median, publish, spread } from '../harness.ts';
import { seededDatabase } from '../seeded.ts';
import { drive, type Figures, onDedicatedCores, rapport, ratio, startServer, stopServers } from '../servers.ts';

const rounds = Number(process.argv[2] ?? 9);
const customers = 2_000;
const ms = 1_500;
const bound = 1.5;
const revision = '2026-07-28';

const seeded = await seededDatabase(customers);
const database = await openDatabase({ databaseUrl: seeded.url, dataDir: '' });
const db = database.forWorkspace(seeded.workspaceId);
const { secret } = await createApiKey(db, { name: 'bench', scopes: allScopes });
await database.close();
const client = await connect(seeded.name);
const { rows } = await client.query<{ id: string }>('SELECT "id" FROM "Customer" ORDER BY "id" LIMIT 1000');
await client.end();
const ids = rows.map(({ id }) => encodeId('Customer', id));
// Both sides ask for the same customers in the same order.
const customerOf = (n: number) => ids[(n * 7) % ids.length] ?? '';

const key = `authorization: Bearer ${secret}\r\n`;
const graphql = (isDetailed: boolean) => ({
  headersOf: () => `${key}x-rapport-purpose: SUPPORT\r\n`,
  bodyOf: (n: number) =>
    JSON.stringify({
      query: contextDocument,
      variables: { by: { id: customerOf(n) }, purpose: 'SUPPORT', length: isDetailed ? 50 : 20, detailed: isDetailed },
    }),
});
const mcp = (isDetailed: boolean) => ({
  path: '/mcp',
  headersOf: () =>
    `${key}accept: application/json, text/event-stream\r\nmcp-protocol-version: ${revision}\r\nmcp-method: tools/call\r\nmcp-name: get_customer_context\r\n`,
  bodyOf: (n: number) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: n,
      method: 'tools/call',
      params: {
        name: 'get_customer_context',
        arguments: {
          ...{ customerId: customerOf(n), assurance: 'VERIFIED', proof: 'LOGIN' },
          ...(isDetailed && { responseFormat: 'detailed', maxTokens: 8_000 }),
        },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': revision,
          'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
});

const kinds = [
  { what: 'concise, one at a time', isDetailed: false, connections: 1 },
  { what: 'detailed, one at a time', isDetailed: true, connections: 1 },
  { what: 'concise, 8 at a time', isDetailed: false, connections: 8 },
];
const measured = kinds.map((kind) => ({ ...kind, graphql: [] as Figures[], mcp: [] as Figures[] }));
await onDedicatedCores(async () => {
  const server = await startServer(rapport, 4_731, { DATABASE_URL: seeded.url });
  for (let round = -1; round < rounds; round++)
    for (const { isDetailed, connections, graphql: ofGraphql, mcp: ofMcp } of measured) {
      const one = await drive(server, { ...graphql(isDetailed), connections, ms });
      const other = await drive(server, { ...mcp(isDetailed), connections, ms });
      // The first round is a warm-up.
      if (round < 0) continue;
      ofGraphql.push(one);
      ofMcp.push(other);
    }
  await stopServers([server]);
});

const figure = (figures: Figures[], column: keyof Figures) => {
  const values = figures.map((each) => each[column]);
  return `${median(values).toFixed(2)} (${spread(values)})`;
};
const lines = measured.map(({ what, graphql: ofGraphql, mcp: ofMcp }) => {
  const [p50, p99, cpu] = (['p50', 'p99', 'cpu'] as const).map((column) => ratio(ofMcp, ofGraphql, column));
  const cells = [figure(ofGraphql, 'p50'), figure(ofMcp, 'p50'), p50?.toFixed(2), p99?.toFixed(2), cpu?.toFixed(2)];
  return { row: `| ${[what, ...cells].join(' | ')} |`, isHeld: (p50 ?? Number.NaN) <= bound };
});
const isHeld = lines.every((line) => line.isHeld);
publish('mcp', [
  '# Latency of get_customer_context over MCP',
  '',
  `${await machine()}; ${rounds} interleaved rounds of ${ms} ms for each cell; ${customers} customers on PostgreSQL. GraphQL: the document that`,
  'the tool sends, with the same variables. MCP: `tools/call` in revision 2026-07-28, which also renders the text and fits it to',
  'its budget. Milliseconds at the median of the requests: medians of the rounds (spread), and medians of the ratios of the rounds.',
  '',
  '| | GraphQL, p50 | MCP, p50 | ratio p50 | ratio p99 | ratio CPU of the server |',
  '|---|---|---|---|---|---|',
  ...lines.map(({ row }) => row),
  '',
  `Bound: ${bound} at the median. ${isHeld ? 'held' : 'NOT HELD'}.`,
]);
process.exit(isHeld ? 0 : 1);
