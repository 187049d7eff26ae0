// The limit: node:http with one hand-written named statement whose JSON is passed through. No key, tenant or schema.
import { createServer } from 'node:http';
import pg from 'pg';
import { limitStatement } from './whole-customer.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on('connect', (client) => client.query('SET jit = off; SET plan_cache_mode = force_generic_plan'));
const workspaceId = process.env.WORKSPACE_ID;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    const { rows } = await pool.query({ name: 'whole', text: limitStatement, values: [workspaceId, variables.email] });
    response.setHeader('content-type', 'application/json');
    response.end(`{"data":{"customer":${rows[0].json}}}`);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
