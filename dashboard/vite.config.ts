import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Compressed beside each text file, because the function app sends files as they are. */
const compress: Plugin = {
  name: 'compress',
  apply: 'build',
  async writeBundle({ dir }) {
    const names = await readdir(dir!, { recursive: true });
    await Promise.all(
      names.filter((name) => /\.(html|js|css|svg)$/.test(name)).map(async (name) => {
        const path = join(dir!, name);
        const bytes = await readFile(path);
        await Promise.all([writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })), writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }))]);
      }),
    );
  },
};

/** The address of a running product that `npm run dev` asks. */
const product = process.env['CLM_URL'] ?? 'http://127.0.0.1:7071';

export default defineConfig({
  base: '/api/console/',
  plugins: [react(), compress],
  build: { target: 'es2023', sourcemap: false, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { '^/(api/(?!console)|admin)': product } },
});
