import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Whose API the page talks to while it is developed: the demo prints its address. */
const api = process.env.CONSOLE_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
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
