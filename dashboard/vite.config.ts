import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { integrity } from './integrity.ts'

// One script and one style, each a file of its own with a hashed name: the page's policy allows none that is inline.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [integrity()],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
