// PostGraphile over the same tables with its base preset. Filters and orderings are not derived from indexes, since
// ours begin with the workspace.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const server = createServer();
const pool = { max: 10 };
const service = makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'], poolConfig: pool });
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [service],
  grafserv: { graphqlPath: '/graphql', watch: false },
  grafast: { explain: false },
});
const serv = instance.createServ(grafserv);
await serv.addTo(server);
server.listen(Number(process.env.PORT), '127.0.0.1');
