import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const pack = { br: promisify(brotliCompress), gz: promisify(gzip) } as const
const isText = /\.(?:js|css|svg|html)$/

/** Whose API the page talks to while it is developed: the demo prints its address. */
const api = process.env.CONSOLE_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), compress()],
  build: {
    target: 'es2023',
    // The policy of the page allows no script in the document itself.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: {
    // The origin stays that of the page, by which the API knows that a request is its own.
    proxy: { '/v1': { target: api, changeOrigin: false } },
  },
})

/** Puts beside each text of the build what is sent of it to browsers that take it packed: packed once, and then as small as can be. */
function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      const files = await readdir(dir, { recursive: true })
      await Promise.all(files.filter((file) => isText.test(file)).map((file) => packFile(join(dir, file))))
    },
  }
}

async function packFile(file: string): Promise<void> {
  const text = await readFile(file)
  await Promise.all([writeFile(`${file}.br`, await pack.br(text)), writeFile(`${file}.gz`, await pack.gz(text))])
}
