import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { integrity, partFilesMark } from './integrity.ts'

// Scripts and one style, each a file of its own with a hashed name: the page's policy allows none that is inline. The first
// script is all that Today and the accounts need; the other parts come when they are wanted (`src/parts/later.tsx`).
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [integrity()],
  define: { PART_FILES: JSON.stringify(partFilesMark) },
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: true,
    // What the first page needs is one file: what a script imports by itself has no place for a hash.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } },
  },
})
