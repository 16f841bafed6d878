import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allSentences, LANGUAGES_FOLDER } from './sentences.ts';

/**
 * Brings each language file to the sentences of the code and of the exhibit, in their order: new ones come in empty, to
 * be translated; what nobody says any more goes. See `src/languages/README.md`.
 */
const sentences = allSentences();
for (const name of readdirSync(LANGUAGES_FOLDER).filter((file) => file.endsWith('.json'))) {
  const path = join(LANGUAGES_FOLDER, name);
  const known = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  const next = Object.fromEntries(sentences.map((sentence) => [sentence, known[sentence] ?? '']));
  writeFileSync(path, `${JSON.stringify(next, null, 2)}\n`);
  const empty = sentences.filter((sentence) => next[sentence] === '').length;
  const dropped = Object.keys(known).filter((sentence) => !(sentence in next)).length;
  console.log(`${name}: ${sentences.length} sentences, ${empty} to be translated, ${dropped} dropped`);
}
