// Formats prisma/schema and runs its generators, as `prisma format` and `prisma generate` do. Formatting adds the other
// side of each new relation, so that a domain does not have to change the models of others. Prisma's CLI is not
// installed, because it brings a database server, a web interface and a framework, 190 MB in total.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compactParamGraph } from './compact-param-graph.ts';

// The ES module of one of the packages imports files without their extension, which Node does not find.
const require = createRequire(import.meta.url);
const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
const { formatSchema, getGenerators, loadSchemaContext } = require('@prisma/internals');

const pothosGenerator = 'node_modules/@pothos/plugin-prisma/bin/generator.js';

const folder = 'prisma/schema';

try {
  const schemas = readdirSync(folder).map((file) => [`${folder}/${file}`, readFileSync(`${folder}/${file}`, 'utf8')]);
  for (const [i, [file, formatted]] of (await formatSchema({ schemas })).entries())
    if (formatted !== schemas[i]?.[1]) writeFileSync(file, formatted);

  const schemaPath = { cliProvidedPath: folder };
  const generators = await getGenerators({
    schemaContext: await loadSchemaContext({ schemaPath, printLoadMessage: false }),
    registry: {
      'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() },
      'prisma-pothos-types': { type: 'rpc', generatorPath: pothosGenerator, isNode: true },
    },
  });
  for (const generator of generators) {
    await generator.generate();
    generator.stop();
  }
  compactClient('src/db/generated/prisma/internal/class.ts');
} catch (error) {
  // An invalid schema has a message with the file and the line. The stack has nothing to add.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function compactClient(file) {
  const text = readFileSync(file, 'utf8');
  const [found, strings, graph] = /strings: JSON\.parse\((".*")\),\n {2}graph: "(.*)"/.exec(text) ?? [];
  if (!found) throw new Error(`${file} has no graph of arguments.`);
  const compact = compactParamGraph({ strings: JSON.parse(JSON.parse(strings)), graph });
  const names = JSON.stringify(JSON.stringify(compact.strings));
  const written = `strings: JSON.parse(${names}),\n  graph: "${compact.graph}"`;
  writeFileSync(
    file,
    text.replace(found, () => written),
  );
}
