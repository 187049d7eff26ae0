// The limit of a write: node:http and one hand-written named INSERT. No key, tenant, schema or lookups.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const text = `INSERT INTO "Interaction" ("workspaceId", "id", "customerId", "channel", "direction", "kind", "occurredAt", "actorKind", "subject", "body",
    "topics", "createdAt", "updatedAt")
  SELECT $1, $2, "customerId", 'EMAIL', 'INBOUND', 'MESSAGE', $4, 'CUSTOMER', $5, $6, '{}', now(), now()
  FROM "ContactPoint" WHERE "workspaceId" = $1 AND "normalizedValue" = $3 AND "kind" = 'EMAIL'`;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { customer, occurredAt, subject, body } = JSON.parse(Buffer.concat(chunks).toString()).variables.input;
    const id = randomUUID();
    const values = [process.env.WORKSPACE_ID, id, customer.email, occurredAt, subject, body];
    await pool.query({ name: 'write', text, values });
    response.setHeader('content-type', 'application/json');
    response.end(`{"data":{"id":"${id}"}}`);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
