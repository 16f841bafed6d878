import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test.ts', 'guest/**/*.test.ts', 'prepare/**/*.test.ts'], testTimeout: 60_000 },
});
