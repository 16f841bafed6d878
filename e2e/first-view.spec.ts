import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { staticScripts } from '../bench/script-graph.ts';

const built = (path: string) => readFileSync(new URL(`../dist/${path}`, import.meta.url), 'utf8');

test('the first view is one script, and the exhibit’s files are kept only after it', async ({ page }) => {
  expect(staticScripts(built)).toEqual([expect.stringMatching(/^assets\/first-view-/)]);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Power: turn on' })).toBeVisible();
  expect(asked.filter((path) => path.endsWith('/sw.js'))).toEqual([]);
  await page.evaluate(() => navigator.serviceWorker.ready);
});
