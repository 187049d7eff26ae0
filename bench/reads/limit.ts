// The limit: node:http with one hand-written named statement per read, whose JSON is passed through. No key, tenant or
// schema.
import { createServer } from 'node:http';
import pg from 'pg';
import { compared } from './compared.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on('connect', (client) => client.query('SET jit = off; SET plan_cache_mode = force_generic_plan'));
const workspaceId = process.env.WORKSPACE_ID;
const statements = new Map(compared.map(({ name, limit }) => [name, limit.text]));

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { query: name, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const text = statements.get(name) ?? '';
    const { rows } = await pool.query({ name, text, values: [workspaceId, ...Object.values(variables)] });
    response.setHeader('content-type', 'application/json');
    response.end(`{"data":${rows[0].json}}`);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
