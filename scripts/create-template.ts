// Creates the template of embedded databases in dist/, see src/db/embedded/template.ts.
import { writeFile } from 'node:fs/promises';
import { templatePath } from '../src/db/embedded/template.ts';
import { createTemplate } from '../src/db/migrate/create-template.ts';

await writeFile(await templatePath(), await createTemplate('gzip'));
