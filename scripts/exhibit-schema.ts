import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExhibitSchema } from '../src/exhibit/exhibit-file.ts';

/** The JSON Schema of an exhibit file, for editors; what a JSON Schema cannot say (ids used twice) is left to the page. */
export function exhibitSchemaText(): string {
  const schema = toJsonSchema(ExhibitSchema, { errorMode: 'ignore', typeMode: 'input' });
  return `${JSON.stringify({ title: 'Vitrine exhibit file', ...schema }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../public/exhibit.schema.json', import.meta.url), exhibitSchemaText());
