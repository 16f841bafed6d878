import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renameSentence, updateLanguage, type LanguageFile } from './language-file.ts';
import { allSentences, LANGUAGES_FOLDER } from './sentences.ts';

/**
 * `npm run languages` brings each language file to the sentences of the code and of the exhibit;
 * `npm run languages -- rename OLD NEW` first gives the translations of a reworded sentence to its new wording.
 * See `src/languages/README.md`.
 */
const sentences = allSentences();
const [command, was, now, ...more] = process.argv.slice(2);
if (
  command !== undefined &&
  (command !== 'rename' || was === undefined || now === undefined || more.length > 0)
)
  throw new Error('Usage: npm run languages [-- rename "OLD SENTENCE" "NEW SENTENCE"]');
if (now !== undefined && !sentences.includes(now))
  throw new Error(`Nobody says “${now}”: change the sentence in the code first.`);

const names = readdirSync(LANGUAGES_FOLDER).filter((file) => file.endsWith('.json'));
const stored = names.map(
  (name) => JSON.parse(readFileSync(join(LANGUAGES_FOLDER, name), 'utf8')) as LanguageFile,
);
const known = was !== undefined && now !== undefined ? renameSentence(stored, was, now) : stored;
for (const [i, name] of names.entries()) {
  const { file, empty, dropped } = updateLanguage(known[i], sentences);
  writeFileSync(join(LANGUAGES_FOLDER, name), `${JSON.stringify(file, null, 2)}\n`);
  console.log(
    `${name}: ${sentences.length} sentences, ${empty.length} to be translated, ${dropped.length} dropped`,
  );
}
